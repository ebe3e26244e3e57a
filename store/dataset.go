package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Dataset is what runs were trained and measured on, as it was when they began. What is not known, of runs that an
// older version began, is zero.
type Dataset struct {
	Name             string
	Fingerprint      string   // hash of its content
	Shape            []int    // of one example: height, width, channels
	Classes          []string // their names, by label
	Train            []int    // examples of each batch file
	Validation, Test int      // examples
}

// fields are for the columns of the table datasets.
func (d *Dataset) fields() []any {
	return []any{
		&d.Name, &d.Fingerprint, list[int]{&d.Shape}, list[string]{&d.Classes}, list[int]{&d.Train},
		count{&d.Validation}, count{&d.Test},
	}
}

const selectDatasets = `SELECT name, fingerprint, shape, classes, train, validation, test FROM datasets `

// Datasets returns what runs were trained and measured on, in the order of names and fingerprints.
func (s *Store) Datasets(ctx context.Context) ([]Dataset, error) {
	all, err := readDatasets(ctx, s.db, `ORDER BY name, fingerprint`)
	return all, s.failed("read the datasets", err)
}

// Dataset returns what a run was trained and measured on.
func (s *Store) Dataset(ctx context.Context, r Run) (Dataset, error) {
	found, err := readDatasets(ctx, s.db, `WHERE name = ? AND fingerprint = ?`, r.Dataset, r.Fingerprint)
	if err != nil || len(found) == 0 { // which Check finds
		return Dataset{Name: r.Dataset, Fingerprint: r.Fingerprint}, s.failed("read a dataset", err)
	}
	return found[0], nil
}

func readDatasets(ctx context.Context, q querier, which string, args ...any) ([]Dataset, error) {
	rows, err := q.QueryContext(ctx, selectDatasets+which, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, (*Dataset).fields)
}

// check refuses a dataset that is not the one of a run that begins on it.
func (d Dataset) check(r Run) error {
	if d.Name != r.Dataset || d.Fingerprint != r.Fingerprint {
		return fmt.Errorf("the run is on the dataset %s %s, received %s %s", r.Dataset, r.Fingerprint, d.Name, d.Fingerprint)
	}
	return nil
}

// believe makes what is known of a dataset agree with answers to one of its splits.
func (d *Dataset) believe(split string, a Answers) {
	examples := &d.Validation
	if split == Test {
		examples = &d.Test
	}
	if *examples != a.Examples {
		*examples, d.Train = a.Examples, nil
	}
	if len(d.Classes) != len(a.Confusion) {
		d.Classes = nil
	}
}

// putDataset puts a dataset on record. Of one that is on record already it adds what was not known.
func putDataset(ctx context.Context, tx *sql.Tx, d Dataset) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO datasets (name, fingerprint, shape, classes, train, validation, test)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET shape = coalesce(shape, excluded.shape),
			classes = coalesce(classes, excluded.classes), train = coalesce(train, excluded.train),
			validation = coalesce(validation, excluded.validation), test = coalesce(test, excluded.test)`, d.fields()...)
	return err
}

// dropDatasets forgets datasets that no run is on.
func dropDatasets(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM datasets WHERE NOT EXISTS
		(SELECT 1 FROM runs WHERE dataset = name AND runs.fingerprint = datasets.fingerprint)`)
	return err
}

// dataset is what a run there was trained on. A store of an older version says as much of it as migrating would.
func (o *MergeSource) dataset(ctx context.Context, r Run) (Dataset, error) {
	var recorded bool
	err := o.db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name = 'datasets'`).Scan(&recorded)
	if err == nil && recorded {
		found, err := readDatasets(ctx, o.db, `WHERE name = ? AND fingerprint = ?`, r.Dataset, r.Fingerprint)
		if err == nil && len(found) == 1 {
			return found[0], nil
		}
		if err != nil {
			return Dataset{}, err
		}
	}
	if err != nil {
		return Dataset{}, err
	}
	old, err := dataset7Of(ctx, o.db, r.Dataset, r.Fingerprint)
	d := Dataset{Name: r.Dataset, Fingerprint: r.Fingerprint, Validation: old.validation, Test: old.test}
	err = errors.Join(err, list[int]{&d.Shape}.Scan(old.shape), list[string]{&d.Classes}.Scan(old.classes),
		list[int]{&d.Train}.Scan(old.train))
	return d, err
}
