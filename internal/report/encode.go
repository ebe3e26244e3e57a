package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// number is a float64 at full precision in JSON, and null where JSON has no
// word for it: NaN and the infinities, as diverged weights give.
type number float64

// MarshalJSON implements json.Marshaler.
func (n number) MarshalJSON() ([]byte, error) {
	if !finite(float64(n)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(n))
}

// numbers are the same values as numbers; never nil, so that JSON shows [].
func numbers(values []float64) []number {
	out := make([]number, len(values))
	for i, v := range values {
		out[i] = number(v)
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

// writeJSON writes a value as indented JSON. `<`, `>` and `&` stay themselves.
func writeJSON(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	return nil
}

// writeCSV writes flat records with a header line. Columns, names and digits
// come from the records' JSON form, so the two can not drift apart; null is an
// empty field.
func writeCSV[T any](w io.Writer, records []T) error {
	var zero T
	header, _, err := flatten(zero)
	if err != nil {
		return err
	}
	lines := [][]string{header}
	for _, r := range records {
		_, values, err := flatten(r)
		if err != nil {
			return err
		}
		lines = append(lines, values)
	}
	if err := csv.NewWriter(w).WriteAll(lines); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

// flatten takes the JSON object of a record apart into keys and values, in
// the object's order.
func flatten(record any) (keys, values []string, err error) {
	text, err := json.Marshal(record)
	if err != nil {
		return nil, nil, fmt.Errorf("write csv: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // keep every digit
	if _, err := decoder.Token(); err != nil {
		return nil, nil, fmt.Errorf("write csv: %w", err)
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("write csv: %w", err)
		}
		value, err := decoder.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("write csv: %w", err)
		}
		if value == nil {
			value = ""
		}
		keys, values = append(keys, fmt.Sprint(key)), append(values, fmt.Sprint(value))
	}
	return keys, values, nil
}
