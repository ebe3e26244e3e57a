package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/pressly/goose/v3"
)

// migrate7 adds the table of datasets, filled with what is known of those on record, and an index of the runs under
// way. It is frozen, as migrate5 is.
var migrate7 = goose.NewGoMigration(7, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `
		-- What runs were trained and measured on, by name and content. NULL: not known.
		CREATE TABLE datasets (
			name        TEXT NOT NULL CHECK (name <> ''),
			fingerprint TEXT NOT NULL,
			shape       TEXT,    -- of one example, as JSON: [height, width, channels]
			classes     TEXT,    -- names by label, as JSON
			train       TEXT,    -- examples of each batch file, as JSON
			validation  INTEGER CHECK (validation > 0), -- examples
			test        INTEGER CHECK (test > 0),       -- examples
			PRIMARY KEY (name, fingerprint)
		) STRICT, WITHOUT ROWID;
		-- Mostly none or a few: whether their processes live is asked before anything is compared.
		CREATE INDEX runs_running ON runs (number, id) WHERE status = 'running';`)
	if err != nil {
		return err
	}
	keys, err := list(ctx, tx, func(key *[2]string) []any { return []any{&key[0], &key[1]} },
		`SELECT DISTINCT dataset, fingerprint FROM runs`)
	if err != nil {
		return err
	}
	for _, key := range keys {
		d, err := dataset7Of(ctx, tx, key[0], key[1])
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO datasets (name, fingerprint, shape, classes, train, validation, test)
			VALUES (?, ?, nullif(?, ''), nullif(?, ''), nullif(?, ''), nullif(?, 0), nullif(?, 0))`,
			key[0], key[1], d.shape, d.classes, d.train, d.validation, d.test)
		if err != nil {
			return err
		}
	}
	return nil
}}, nil)

// dataset7 is what version 7 can know of a dataset of an older version; "" and 0: nothing.
type dataset7 struct {
	shape, classes, train string // as JSON
	validation, test      int
}

// known7 are the datasets that the program knew when it did not record them.
var known7 = map[string]dataset7{
	"cifar10": {
		"[32,32,3]", `["airplane","automobile","bird","cat","deer","dog","frog","horse","ship","truck"]`,
		"[9000,9000,9000,9000,9000]", 5000, 10000,
	},
	"synthetic": {
		"[32,32,3]", `["disc","ring","square","triangle","cross","star","stripes","checkerboard","dots","spiral"]`,
		"[1800,1800,1800,1800,1800]", 1000, 2000,
	},
}

// dataset7Of derives what a store without a table of datasets says of one. Shape and classes follow from the name,
// for the program took no others. So do sizes, unless answers count other examples or an accuracy is no whole number
// of examples: then the runs were measured on other bytes, and only what the answers count is known.
func dataset7Of(ctx context.Context, q querier, name, fingerprint string) (dataset7, error) {
	var d dataset7
	var answers bool
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'answers'`).Scan(&answers)
	if err == nil && answers {
		err = q.QueryRowContext(ctx, `SELECT
				coalesce(max(iif(split = 'validation', examples, 0)), 0), coalesce(max(iif(split = 'test', examples, 0)), 0)
			FROM answers JOIN runs ON run = runs.number WHERE dataset = ? AND fingerprint = ?`,
			name, fingerprint).Scan(&d.validation, &d.test)
	}
	known, isKnown := known7[name]
	if err != nil || !isKnown {
		return d, err
	}
	usual := (d.validation == 0 || d.validation == known.validation) && (d.test == 0 || d.test == known.test)
	if usual && d.validation == 0 {
		var broken float64 // an accuracy
		err := q.QueryRowContext(ctx, `SELECT val_accuracy FROM epochs JOIN runs ON run = runs.number
			WHERE dataset = ?1 AND fingerprint = ?2 AND abs(val_accuracy * ?3 - round(val_accuracy * ?3)) > 1e-6 LIMIT 1`,
			name, fingerprint, known.validation).Scan(&broken)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return d, err
		}
		usual = err != nil
	}
	if usual {
		return known, nil
	}
	d.shape, d.classes = known.shape, known.classes
	return d, nil
}
