package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// TestUse is one time that a run was evaluated on examples of the test split.
type TestUse struct {
	At       time.Time `json:"at"`
	Command  string    `json:"command"`  // that looked
	Examples int       `json:"examples"` // that it looked at
}

// CountTestUse puts on record that a run is about to be evaluated on examples of the test split. It
// is counted before it is seen: who chooses by what the test split says has to know how often that
// was asked.
func (s *Store) CountTestUse(ctx context.Context, id, command string, examples int) error {
	return s.write(ctx, fmt.Sprintf("count a look of run %s at the test split", id), func(tx *sql.Tx) error {
		return insertTestUse(ctx, tx, id, TestUse{time.Now(), command, examples})
	})
}

// TestUses returns how often a run was evaluated on examples of the test split, in order.
func (s *Store) TestUses(ctx context.Context, id string) ([]TestUse, error) {
	uses, err := readTestUses(ctx, s.db, id)
	return uses, s.failed(fmt.Sprintf("read the looks of run %s at the test split", id), err)
}

// testUsesOfEach counts those of each run that has any, by its number. They come as one text: ten thousand rows
// take several times as long.
func testUsesOfEach(ctx context.Context, q querier) (map[int64]int, error) {
	var text string
	err := q.QueryRowContext(ctx, `SELECT coalesce(group_concat(run), '') FROM looks`).Scan(&text)
	if err != nil || text == "" {
		return nil, err
	}
	uses := make(map[int64]int)
	for word := range strings.SplitSeq(text, ",") {
		run, err := strconv.ParseInt(word, 10, 64)
		if err != nil {
			return nil, err
		}
		uses[run]++
	}
	return uses, nil
}

func insertTestUse(ctx context.Context, tx *sql.Tx, id string, u TestUse) error {
	res, err := tx.ExecContext(ctx, `INSERT INTO looks (run, at, command, examples)
		SELECT number, ?, ?, ? FROM runs WHERE id = ?`, instant{&u.At}, u.Command, u.Examples, id)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); n == 1 || err != nil {
		return err
	}
	return &NotFoundError{Ref: id}
}

func readTestUses(ctx context.Context, q querier, id string) ([]TestUse, error) {
	rows, err := q.QueryContext(ctx, `SELECT at, command, examples FROM looks
		WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY number`, id)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(l *TestUse) []any { return []any{instant{&l.At}, &l.Command, &l.Examples} })
}
