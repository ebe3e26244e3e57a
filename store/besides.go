package store

import (
	"context"
	"database/sql"
	"errors"
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
// version has none of it, but that a test was a look, as migrating says too. Answers that are damaged are
// left out: the run is what it is without them.
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
		if err != nil && !errors.Is(err, errDamagedAnswers) {
			return b, err
		}
		if found {
			b.answers = append(b.answers, splitAnswers{split, epoch, a})
		}
	}
	b.looks, err = readLooks(ctx, o.db, r.ID)
	return b, err
}

// add gives a run what it does not have yet of b. Answers of another epoch than its best one are left:
// the run went on there while it was read.
func (b besides) add(ctx context.Context, tx *sql.Tx, id string) error {
	var number int64
	var best int
	err := tx.QueryRowContext(ctx, `UPDATE runs SET test_loss = coalesce(test_loss, ?), test_accuracy = coalesce(test_accuracy, ?)
		WHERE id = ? RETURNING number, coalesce(best_epoch, 0)`, b.loss, b.accuracy, id).Scan(&number, &best)
	if err != nil {
		return err
	}
	for _, a := range b.answers {
		if a.epoch != best {
			continue
		}
		if err := putAnswers(ctx, tx, number, a.split, a.epoch, a.Answers); err != nil {
			return err
		}
	}
	missing, err := b.missing(ctx, tx, id)
	for _, l := range missing {
		if err == nil {
			err = insertLook(ctx, tx, id, l)
		}
	}
	return err
}

// missing returns the looks that are not on a run's record.
func (b besides) missing(ctx context.Context, q querier, id string) ([]Look, error) {
	here, err := readLooks(ctx, q, id)
	return slices.DeleteFunc(slices.Clone(b.looks), func(l Look) bool {
		return slices.ContainsFunc(here, func(h Look) bool { return h.At.Equal(l.At) && h.Command == l.Command })
	}), err
}
