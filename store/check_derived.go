package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// checkDerived holds what comparing reads of a run against what it comes from. The remedy is anew.
func (s *Store) checkDerived(ctx context.Context, h *Health, anew string) error {
	for _, c := range []struct{ query, what string }{
		{`SELECT id, split FROM answers JOIN runs ON run = runs.number WHERE epoch IS NOT best_epoch`,
			"its answers to the %s split are not those of its best epoch"},
		{`SELECT id, dataset FROM runs WHERE NOT EXISTS
				(SELECT 1 FROM datasets WHERE name = dataset AND datasets.fingerprint = runs.fingerprint)`,
			"what the dataset %s is like, which it was trained on, is not on record"},
		{`SELECT id, '' FROM runs WHERE last_val_accuracy IS NOT
				(SELECT val_accuracy FROM epochs WHERE run = number ORDER BY epoch DESC LIMIT 1)`,
			"its last_val_accuracy is not that of its last epoch%s"},
	} {
		rows, err := s.db.QueryContext(ctx, c.query)
		if err != nil {
			return err
		}
		type row struct{ id, detail string }
		found, err := collect(rows, func(r *row) []any { return []any{&r.id, &r.detail} })
		if err != nil {
			return err
		}
		for _, r := range found {
			h.add(Finding{Run: r.id, What: fmt.Sprintf(c.what, r.detail), Remedy: anew})
		}
	}
	if err := s.checkAnswers(ctx, h, anew); err != nil {
		return err
	}
	return s.checkCurves(ctx, h, anew)
}

// checkAnswers reads the answers of all runs, and holds them against what is on record of their datasets.
func (s *Store) checkAnswers(ctx context.Context, h *Health, anew string) error {
	rows, err := s.db.QueryContext(ctx, `SELECT examples, correct, confusion, id, split,
			iif(split = ?1, test_accuracy, best_val_accuracy), coalesce(iif(split = ?1, d.test, d.validation), examples),
			coalesce(json_array_length(d.classes), 0)
		FROM answers JOIN runs ON run = runs.number
			LEFT JOIN datasets d ON d.name = dataset AND d.fingerprint = runs.fingerprint
		ORDER BY run, split`, Test)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var kept keptAnswers
		var id, split string
		var accuracy *float64
		var examples, classes int // of the dataset; where not known, those of the answers and 0
		if err := rows.Scan(append(kept.fields(), &id, &split, &accuracy, &examples, &classes)...); err != nil {
			return err
		}
		switch a, err := kept.read(); {
		case err != nil:
			h.add(Finding{Run: id, What: fmt.Sprintf("its answers to the %s split are damaged: %v", split, err), Remedy: anew})
		case a.contradicts(accuracy):
			h.add(Finding{Run: id, What: fmt.Sprintf("its answers to the %s split come to an accuracy of %v, on record is %v",
				split, a.Accuracy(), *accuracy), Remedy: anew})
		case a.Examples != examples || classes > 0 && len(a.Confusion) != classes:
			h.add(Finding{Run: id, Remedy: anew, What: fmt.Sprintf(
				"its answers to the %s split are to %d examples of %d classes, its dataset has %d of %d",
				split, a.Examples, len(a.Confusion), examples, classes)})
		}
	}
	return rows.Err()
}

// checkCurves holds each run's curve against its epochs, all in one statement, so that nothing is logged
// in between.
func (s *Store) checkCurves(ctx context.Context, h *Health, anew string) error {
	rows, err := s.db.QueryContext(ctx, `SELECT id, coalesce(points, x''), val_accuracy, e.seconds
		FROM runs r JOIN epochs e ON e.run = r.number LEFT JOIN curves c ON c.run = r.number ORDER BY r.number, e.epoch`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var id string         // of the run that is read
	var made, kept []byte // its curve, of its epochs and as it is kept
	finish := func() {
		if id != "" && !slices.Equal(made, kept) {
			h.add(Finding{Run: id, What: "its curve is not that of its epochs", Remedy: anew})
		}
	}
	for rows.Next() {
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
	}
	finish()
	return rows.Err()
}

// checkSettings holds the settings of groups against the experiments on record. Runs of one group may have records
// of other versions, which spell an experiment otherwise: one of them has to agree.
func (s *Store) checkSettings(ctx context.Context, h *Health, read ReadSettings, runs []Run, anew string) error {
	kept := make(map[string]Settings)
	err := eachSettings(ctx, s.db, func(group string, settings Settings) { kept[group] = settings })
	if err != nil {
		return err
	}
	agree := make(map[string]bool)
	for _, r := range runs {
		settings, err := read(r.Config)
		if err != nil {
			h.add(Finding{Run: r.ID, What: fmt.Sprintf("its record cannot be read: %v", err), Remedy: again(r.ID)})
			continue
		}
		has, found := kept[r.Group]
		agree[r.Group] = agree[r.Group] || found && has == settings
	}
	for _, r := range runs {
		if agrees, readable := agree[r.Group]; readable && !agrees {
			h.add(Finding{
				Run: r.ID, What: "the settings of its experiment are missing, or not those of its record", Remedy: anew,
			})
		}
	}
	return nil
}
