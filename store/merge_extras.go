package store

import (
	"context"
	"errors"
	"slices"
)

// extras are what a run's record has beyond the run and its epochs.
type extras struct {
	dataset Dataset // that it was trained and measured on
	answers []splitAnswers
	uses    []TestUse
	// loss and accuracy on the test split, nil if it was not evaluated on it.
	loss, accuracy *float64
}

type splitAnswers struct {
	split string
	epoch int
	Answers
}

// extras returns the extras of one of the runs. A store of an older version has none, except that a
// test was a use of the test split, as migrating says too. Answers that are damaged or contradict the
// record are left out.
func (o *MergeSource) extras(ctx context.Context, r Run) (extras, error) {
	e := extras{loss: r.TestLoss, accuracy: r.TestAccuracy}
	var err error
	if e.dataset, err = o.dataset(ctx, r); err != nil {
		return e, err
	}
	if !o.tables["answers"] || !o.tables["looks"] {
		if r.TestAccuracy != nil {
			e.uses = []TestUse{{At: r.Started, Command: "run"}}
		}
		return e, nil
	}
	for _, split := range []string{Validation, Test} {
		a, epoch, found, err := readAnswers(ctx, o.db, r.ID, split)
		if err != nil && !errors.Is(err, ErrDamagedAnswers) {
			return e, err
		}
		accuracy := r.BestValAccuracy
		if split == Test {
			accuracy = r.TestAccuracy
		}
		if found && !a.contradicts(accuracy) {
			e.answers = append(e.answers, splitAnswers{split, epoch, a})
			e.dataset.believe(split, a)
		}
	}
	e.uses, err = readTestUses(ctx, o.db, r.ID)
	return e, err
}

// missingOf returns what a run lacks of e. Answers of another epoch than its best one are left out: the
// run was trained there while it was read.
func (e extras) missingOf(ctx context.Context, q querier, id string) (extras, error) {
	var missing extras
	var best int
	var tested bool
	err := q.QueryRowContext(ctx, `SELECT coalesce(best_epoch, 0), test_accuracy IS NOT NULL FROM runs WHERE id = ?`,
		id).Scan(&best, &tested)
	if err != nil {
		return missing, err
	}
	if !tested {
		missing.loss, missing.accuracy = e.loss, e.accuracy
	}
	for _, a := range e.answers {
		_, _, has, err := readAnswers(ctx, q, id, a.split)
		if err != nil && !errors.Is(err, ErrDamagedAnswers) {
			return missing, err
		}
		if a.epoch == best && !has {
			missing.answers = append(missing.answers, a)
		}
	}
	here, err := readTestUses(ctx, q, id)
	missing.uses = slices.DeleteFunc(slices.Clone(e.uses), func(u TestUse) bool {
		return slices.ContainsFunc(here, func(h TestUse) bool { return h.At.Equal(u.At) && h.Command == u.Command })
	})
	return missing, err
}

// none is true if there is nothing to add.
func (e extras) none() bool { return len(e.answers) == 0 && len(e.uses) == 0 && e.accuracy == nil }

// add adds to a run what it lacks of e.
func (e extras) add(ctx context.Context, tx *transaction, id string) error {
	missing, err := e.missingOf(ctx, tx, id)
	if err != nil {
		return err
	}
	var number int64
	err = tx.QueryRowContext(ctx, `UPDATE runs
		SET test_loss = coalesce(test_loss, ?), test_accuracy = coalesce(test_accuracy, ?)
		WHERE id = ? RETURNING number`, missing.loss, missing.accuracy, id).Scan(&number)
	if err == nil {
		err = putDataset(ctx, tx, e.dataset)
	}
	for _, a := range missing.answers {
		if err == nil {
			err = putAnswers(ctx, tx, number, a.split, a.epoch, a.Answers)
		}
	}
	for _, u := range missing.uses {
		if err == nil {
			err = insertTestUse(ctx, tx, id, u)
		}
	}
	return err
}
