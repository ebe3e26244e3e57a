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

// Number is a float64 at full precision in JSON; NaN and the infinities, for which JSON has no word, are null.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	if !words.Finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// numbers converts values; the result is never nil, so that JSON shows [].
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

// WriteJSONList writes a list as WriteJSON does, but value by value, as the text of a long list takes several times the
// memory of its values. JSON shows [] when it is empty, never null.
func WriteJSONList[T any](w io.Writer, list []T) error {
	if len(list) == 0 {
		return WriteJSON(w, []T{})
	}
	out := bufio.NewWriter(w) // Flush returns its first error
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

// WriteCSV writes flat records with a header line. Columns, names and digits are those of the records' JSON, so the two
// cannot drift apart; null and omitted values are empty fields. A map from settings to values becomes a column for each
// of the settings.
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

// jsonKeys are the keys of a struct's JSON, in order, those of embedded structs in their place; a map has a key for
// each of the settings.
func jsonKeys(record reflect.Type, settings []string) []string {
	var keys []string
	for _, field := range reflect.VisibleFields(record) {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case key == "-" || field.Anonymous || !field.IsExported():
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
