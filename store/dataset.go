package store

import (
	"context"
	"errors"
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

// fields are for the columns of the table datasets, with 0 for NULL.
func (d *Dataset) fields() []any {
	return []any{
		&d.Name, &d.Fingerprint, array[int]{&d.Shape}, array[string]{&d.Classes}, array[int]{&d.Train},
		&d.Validation, &d.Test,
	}
}

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
	return list(ctx, q, (*Dataset).fields, `SELECT name, fingerprint, shape, classes, train, coalesce(validation, 0),
		coalesce(test, 0) FROM datasets `+which, args...)
}

// putDataset records a dataset. To one on record it adds what was not known.
func putDataset(ctx context.Context, tx *transaction, d Dataset) error {
	return tx.exec(ctx, `INSERT INTO datasets (name, fingerprint, shape, classes, train, validation, test)
		VALUES (?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0)) ON CONFLICT DO UPDATE SET
			shape = coalesce(shape, excluded.shape), classes = coalesce(classes, excluded.classes),
			train = coalesce(train, excluded.train), validation = coalesce(validation, excluded.validation),
			test = coalesce(test, excluded.test)`, d.fields()...)
}

// believe corrects what is known of a dataset by answers to one of its splits.
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

// dataset is what a run there was trained on. Of an older version's store it is what migrating would make of it.
func (o *MergeSource) dataset(ctx context.Context, r Run) (Dataset, error) {
	if o.tables["datasets"] {
		found, err := readDatasets(ctx, o.db, `WHERE name = ? AND fingerprint = ?`, r.Dataset, r.Fingerprint)
		if err != nil {
			return Dataset{}, err
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	old, err := dataset7Of(ctx, o.db, r.Dataset, r.Fingerprint)
	d := Dataset{Name: r.Dataset, Fingerprint: r.Fingerprint, Validation: old.validation, Test: old.test}
	return d, errors.Join(err, array[int]{&d.Shape}.Scan(old.shape), array[string]{&d.Classes}.Scan(old.classes),
		array[int]{&d.Train}.Scan(old.train))
}
