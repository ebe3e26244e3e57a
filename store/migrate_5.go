package store

import (
	"context"
	"database/sql"

	"github.com/pressly/goose/v3"
)

// fillIn is the migration that gives the runs of older versions what version 4 has room for, where
// it takes more than SQL.
var fillIn = goose.NewGoMigration(5, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT number, config, seedless_identity, mode FROM runs ORDER BY number`)
	if err != nil {
		return err
	}
	type old struct {
		number int64
		Run
	}
	runs, err := collect(rows, func(r *old) []any { return []any{&r.number, &r.Config, &r.Group, &r.Mode} })
	if err != nil {
		return err
	}
	known := make(map[string]bool)
	for _, r := range runs {
		if err := drawCurve(ctx, tx, r.number); err != nil {
			return err
		}
		if known[r.Group] {
			continue
		}
		known[r.Group] = true
		if err := keepSettings(ctx, tx, r.Run); err != nil {
			return err
		}
	}
	return nil
}}, nil)
