package record

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"runner/internal/view/words"
)

// Number is a float64 at full precision in JSON, and null where JSON has no
// word for it: NaN and the infinities, as diverged weights give.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	if !words.Finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// numbers are the same values as numbers; never nil, so that JSON shows [].
func numbers(values []float64) []Number {
	out := make([]Number, len(values))
	for i, v := range values {
		out[i] = Number(v)
	}
	return out
}

// moment is the time for JSON: null when it has not happened.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// WriteJSON writes a value as indented JSON. `<`, `>` and `&` stay themselves.
func WriteJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// WriteJSONList writes a list as writeJSON does, but a value at a time: the text of a long one takes several
// times the memory of its values. JSON shows [] when it is empty, never null.
func WriteJSONList[T any](w io.Writer, list []T) error {
	if len(list) == 0 {
		return WriteJSON(w, []T{})
	}
	out := bufio.NewWriter(w) // which keeps its first error until Flush
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("  ", "  ")
	before := "[\n  "
	for i := range list {
		text.Reset()
		if err := encoder.Encode(&list[i]); err != nil {
			return fmt.Errorf("write json: %w", err)
		}
		out.WriteString(before)
		out.Write(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
		before = ",\n  "
	}
	out.WriteString("\n]\n")
	return out.Flush()
}

// WriteCSV writes flat records with a header line. Columns, names and digits
// are those of the records' JSON form, so the two can not drift apart; null and
// what JSON omits are empty fields. A map from settings to values becomes a column
// for each of the settings.
func WriteCSV[T any](w io.Writer, records []T, settings ...string) error {
	header := jsonKeys(reflect.TypeFor[T](), settings)
	lines := [][]string{header}
	for _, r := range records {
		text, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber() // keep every digit
		var object map[string]any
		if err := decoder.Decode(&object); err != nil {
			return fmt.Errorf("write csv: %w", err)
		}
		for key, value := range object {
			if values, nested := value.(map[string]any); nested {
				for setting, v := range values {
					object[key+"."+setting] = v
				}
			}
		}
		line := make([]string, len(header))
		for i, key := range header {
			if value := object[key]; value != nil {
				line[i] = fmt.Sprint(value)
			}
		}
		lines = append(lines, line)
	}
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// jsonKeys are the keys that a struct can have in JSON, in its order; a map has one for
// each of the settings.
func jsonKeys(record reflect.Type, settings []string) []string {
	var keys []string
	for _, field := range reflect.VisibleFields(record) {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case key == "-" || !field.IsExported():
		case field.Type.Kind() == reflect.Map:
			for _, setting := range settings {
				keys = append(keys, key+"."+setting)
			}
		default:
			keys = append(keys, key)
		}
	}
	return keys
}
