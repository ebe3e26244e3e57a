package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
)

// besides is what a run's record has besides the run and its epochs.
type besides struct {
	answers []splitAnswers
	looks   []Look
	// loss and accuracy on the test split, nil if it was not evaluated on it.
	loss, accuracy *float64
}

type splitAnswers struct {
	split string
	epoch int
	Answers
}

// besides returns what the record of one of the runs has besides its epochs. A store of an older
// version has none of it, but that a test was a look, as migrating says too. Answers that are damaged, or
// contradict the record, are left out: the run is what it is without them.
func (o *Other) besides(ctx context.Context, r Run) (besides, error) {
	b := besides{loss: r.TestLoss, accuracy: r.TestAccuracy}
	var tables int
	err := o.db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE name IN ('answers', 'looks')`).Scan(&tables)
	if err != nil {
		return b, err
	}
	if tables < 2 {
		if r.TestAccuracy != nil {
			b.looks = []Look{{At: r.Started, Command: "run"}}
		}
		return b, nil
	}
	for _, split := range []string{Validation, Test} {
		a, epoch, found, err := readAnswers(ctx, o.db, r.ID, split)
		if err != nil && !errors.Is(err, ErrDamagedAnswers) {
			return b, err
		}
		accuracy := r.BestValAccuracy
		if split == Test {
			accuracy = r.TestAccuracy
		}
		if found && !a.contradicts(accuracy) {
			b.answers = append(b.answers, splitAnswers{split, epoch, a})
		}
	}
	b.looks, err = readLooks(ctx, o.db, r.ID)
	return b, err
}

// contradicts tells whether answers come to another accuracy than the run's record says.
func (a Answers) contradicts(accuracy *float64) bool {
	return accuracy != nil && math.Abs(a.Accuracy()-*accuracy) > 0.5/float64(a.Examples)
}

// missingOf returns what of b a run does not have yet. Answers of another epoch than its best one are left: the
// run went on there while it was read.
func (b besides) missingOf(ctx context.Context, q querier, id string) (besides, error) {
	var missing besides
	var best int
	var tested bool
	err := q.QueryRowContext(ctx, `SELECT coalesce(best_epoch, 0), test_accuracy IS NOT NULL FROM runs WHERE id = ?`, id).Scan(&best, &tested)
	if err != nil {
		return missing, err
	}
	if !tested {
		missing.loss, missing.accuracy = b.loss, b.accuracy
	}
	for _, a := range b.answers {
		_, _, has, err := readAnswers(ctx, q, id, a.split)
		if err != nil && !errors.Is(err, ErrDamagedAnswers) {
			return missing, err
		}
		if a.epoch == best && !has {
			missing.answers = append(missing.answers, a)
		}
	}
	here, err := readLooks(ctx, q, id)
	missing.looks = slices.DeleteFunc(slices.Clone(b.looks), func(l Look) bool {
		return slices.ContainsFunc(here, func(h Look) bool { return h.At.Equal(l.At) && h.Command == l.Command })
	})
	return missing, err
}

// none tells whether there is nothing to add.
func (b besides) none() bool { return len(b.answers) == 0 && len(b.looks) == 0 && b.accuracy == nil }

// add gives a run what it does not have yet of b.
func (b besides) add(ctx context.Context, tx *sql.Tx, id string) error {
	missing, err := b.missingOf(ctx, tx, id)
	if err != nil {
		return err
	}
	var number int64
	err = tx.QueryRowContext(ctx, `UPDATE runs SET test_loss = coalesce(test_loss, ?), test_accuracy = coalesce(test_accuracy, ?)
		WHERE id = ? RETURNING number`, missing.loss, missing.accuracy, id).Scan(&number)
	for _, a := range missing.answers {
		if err == nil {
			err = putAnswers(ctx, tx, number, a.split, a.epoch, a.Answers)
		}
	}
	for _, l := range missing.looks {
		if err == nil {
			err = insertLook(ctx, tx, id, l)
		}
	}
	return err
}
