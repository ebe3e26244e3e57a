package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// querier is the database, one of its connections, or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// each calls f at each row of a query.
func each(ctx context.Context, q querier, f func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// list returns the rows of a query, each scanned into the fields of a T.
func list[T any](ctx context.Context, q querier, fields func(*T) []any, query string, args ...any) ([]T, error) {
	var all []T
	err := each(ctx, q, func(rows *sql.Rows) error {
		var t T
		if err := rows.Scan(fields(&t)...); err != nil {
			return err
		}
		all = append(all, t)
		return nil
	}, query, args...)
	return all, err
}

// pairs returns the two columns of a query as a map.
func pairs[K comparable, V any](ctx context.Context, q querier, query string, args ...any) (map[K]V, error) {
	all := make(map[K]V)
	err := each(ctx, q, func(rows *sql.Rows) error {
		var k K
		var v V
		if err := rows.Scan(&k, &v); err != nil {
			return err
		}
		all[k] = v
		return nil
	}, query, args...)
	return all, err
}

// column is a column of a table and the field that holds it.
type column struct {
	name  string
	field any
}

// columns are those of a record, for reading and for inserting.
type columns []column

func (c columns) names() string {
	names := make([]string, len(c))
	for i := range c {
		names[i] = c[i].name
	}
	return strings.Join(names, ", ")
}

func (c columns) fields() []any {
	fields := make([]any, len(c))
	for i := range c {
		fields[i] = c[i].field
	}
	return fields
}

// insert is a statement that inserts the fields.
func (c columns) insert(table string) string {
	return fmt.Sprintf(`INSERT INTO %s (%s) VALUES (?%s)`, table, c.names(), strings.Repeat(", ?", len(c)-1))
}

// read returns the records that "SELECT columns" and the rest of a query select.
func read[T any](ctx context.Context, q querier, of func(*T) columns, rest string, args ...any) ([]T, error) {
	return list(ctx, q, func(t *T) []any { return of(t).fields() }, `SELECT `+of(new(T)).names()+` `+rest, args...)
}

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

// array stores a slice as JSON; an empty one is NULL.
type array[T any] struct{ items *[]T }

func (a array[T]) Value() (driver.Value, error) {
	if len(*a.items) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(*a.items)
	return string(text), err
}

func (a array[T]) Scan(v any) error {
	*a.items = nil
	text, ok := v.(string)
	switch {
	case v == nil || ok && text == "":
		return nil
	case ok:
		return json.Unmarshal([]byte(text), a.items)
	}
	return fmt.Errorf("want a list as text, got %T", v)
}
