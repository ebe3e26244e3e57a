package store

import (
	"context"
	"database/sql"
	"slices"
)

// derived compares what comparing reads of a run with its source.
func (c *checker) derived(ctx context.Context) error {
	for _, one := range []struct{ query, what string }{
		{`SELECT id, split FROM answers JOIN runs ON run = runs.number WHERE epoch IS NOT best_epoch`,
			"its answers to the %s split are not those of its best epoch"},
		{`SELECT id, dataset FROM runs WHERE NOT EXISTS
				(SELECT 1 FROM datasets WHERE name = dataset AND datasets.fingerprint = runs.fingerprint)`,
			"its dataset %s is not on record"},
		{`SELECT id, '' FROM runs WHERE last_val_accuracy IS NOT
				(SELECT val_accuracy FROM epochs WHERE run = number ORDER BY epoch DESC LIMIT 1)`,
			"its last_val_accuracy is not that of its last epoch%s"},
	} {
		err := each(ctx, c.db, func(rows *sql.Rows) error {
			var id, detail string
			if err := rows.Scan(&id, &detail); err != nil {
				return err
			}
			c.add(id, c.anew, one.what, detail)
			return nil
		}, one.query)
		if err != nil {
			return err
		}
	}
	if err := c.answers(ctx); err != nil {
		return err
	}
	return c.curves(ctx)
}

// answers compares the answers of all runs with their accuracies and their datasets.
func (c *checker) answers(ctx context.Context) error {
	return each(ctx, c.db, func(rows *sql.Rows) error {
		var a Answers
		var confusion []byte
		var id, split string
		var accuracy *float64
		var examples, classes int // of the dataset; where not known, those of the answers and 0
		err := rows.Scan(&a.Examples, &a.Correct, &confusion, &id, &split, &accuracy, &examples, &classes)
		if err != nil {
			return err
		}
		switch err := a.complete(confusion); {
		case err != nil:
			c.add(id, c.anew, "its answers to the %s split are damaged: %v", split, err)
		case a.contradicts(accuracy):
			c.add(id, c.anew, "its answers to the %s split come to an accuracy of %v, on record is %v",
				split, a.Accuracy(), *accuracy)
		case a.Examples != examples || classes > 0 && len(a.Confusion) != classes:
			c.add(id, c.anew, "its answers to the %s split are to %d examples of %d classes, its dataset has %d of %d",
				split, a.Examples, len(a.Confusion), examples, classes)
		}
		return nil
	}, `SELECT examples, correct, confusion, id, split,
			iif(split = ?1, test_accuracy, best_val_accuracy), coalesce(iif(split = ?1, d.test, d.validation), examples),
			coalesce(json_array_length(d.classes), 0)
		FROM answers JOIN runs ON run = runs.number
			LEFT JOIN datasets d ON d.name = dataset AND d.fingerprint = runs.fingerprint
		ORDER BY run, split`, Test)
}

// curves compares each run's curve with its epochs, in one statement, so that nothing is logged in
// between.
func (c *checker) curves(ctx context.Context) error {
	var id string         // of the run that is read
	var made, kept []byte // its curve, of its epochs and as it is kept
	finish := func() {
		if id != "" && !slices.Equal(made, kept) {
			c.add(id, c.anew, "its curve is not that of its epochs")
		}
	}
	err := each(ctx, c.db, func(rows *sql.Rows) error {
		var next string
		var points sql.RawBytes
		var e Epoch
		if err := rows.Scan(&next, &points, &e.ValAccuracy, &e.Seconds); err != nil {
			return err
		}
		if next != id {
			finish()
			id, made, kept = next, made[:0], append(kept[:0], points...)
		}
		made = Curve(made).append(e)
		return nil
	}, `SELECT id, coalesce(points, x''), val_accuracy, e.seconds
		FROM runs r JOIN epochs e ON e.run = r.number LEFT JOIN curves c ON c.run = r.number ORDER BY r.number, e.epoch`)
	finish()
	return err
}

// settings compares the settings of groups with the experiments on record. Versions spell one
// experiment differently: of the runs of a group, one has to agree.
func (c *checker) settings(ctx context.Context, read ReadSettings, runs []Run) error {
	kept, err := allSettings(ctx, c.db)
	if err != nil {
		return err
	}
	agree := make(map[string]bool)
	for _, r := range runs {
		settings, err := read(r.Config)
		if err != nil {
			c.add(r.ID, again(r.ID), "its record cannot be read: %v", err)
			continue
		}
		has, found := kept[r.Group]
		agree[r.Group] = agree[r.Group] || found && has == settings
	}
	for _, r := range runs {
		if agrees, readable := agree[r.Group]; readable && !agrees {
			c.add(r.ID, c.anew, "the settings of its experiment are missing, or not those of its record")
		}
	}
	return nil
}
