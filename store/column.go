package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// instant stores a time as RFC 3339 text in UTC with all nine decimals, so that text sorts as time
// does; the zero time is NULL.
type instant struct{ *time.Time }

const instantLayout = "2006-01-02T15:04:05.000000000Z"

func (i instant) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i.UTC().Format(instantLayout), nil
}

func (i instant) Scan(v any) (err error) {
	switch v := v.(type) {
	case nil:
		*i.Time = time.Time{}
	case string:
		*i.Time, err = time.Parse(instantLayout, v)
	default:
		err = fmt.Errorf("want a time as text, got %T", v)
	}
	return err
}

// list stores a slice as JSON; an empty one is NULL.
type list[T any] struct{ items *[]T }

func (l list[T]) Value() (driver.Value, error) {
	if len(*l.items) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(*l.items)
	return string(text), err
}

func (l list[T]) Scan(v any) error {
	*l.items = nil
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return json.Unmarshal([]byte(v), l.items)
	}
	return fmt.Errorf("want a list as text, got %T", v)
}

// count stores a number of at least 1; 0 is NULL.
type count struct{ n *int }

func (c count) Value() (driver.Value, error) {
	if *c.n == 0 {
		return nil, nil
	}
	return int64(*c.n), nil
}

func (c count) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*c.n = 0
		return nil
	case int64:
		*c.n = int(v)
		return nil
	}
	return fmt.Errorf("want a number, got %T", v)
}
