package store

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// TestUse is one evaluation of a run on examples of the test split.
type TestUse struct {
	At       time.Time `json:"at"`
	Command  string    `json:"command"`  // that evaluated it
	Examples int       `json:"examples"` // number of them
}

// CountTestUse records that a run is about to be evaluated on examples of the test split. It is
// counted before the result is seen: who chooses by the test split has to know how often it was used.
func (s *Store) CountTestUse(ctx context.Context, id, command string, examples int) error {
	return s.write(ctx, "count a test use of run "+id, func(tx *transaction) error {
		return insertTestUse(ctx, tx, id, TestUse{time.Now(), command, examples})
	})
}

// TestUses returns a run's evaluations on examples of the test split, in order.
func (s *Store) TestUses(ctx context.Context, id string) ([]TestUse, error) {
	uses, err := readTestUses(ctx, s.db, id)
	return uses, s.failed("read the test uses of run "+id, err)
}

// testUsesOfEach counts the test uses of each run that has any, by number. They come as one text: ten thousand rows
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

func insertTestUse(ctx context.Context, tx *transaction, id string, u TestUse) error {
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
	return list(ctx, q, func(u *TestUse) []any { return []any{instant{&u.At}, &u.Command, &u.Examples} },
		`SELECT at, command, examples FROM looks
			WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY number`, id)
}
