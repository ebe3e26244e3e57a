package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/mattn/go-sqlite3"
)

// Epoch is what one pass over the training split came to.
type Epoch struct {
	Epoch        int     `json:"epoch"`         // 1, 2, ...
	TrainLoss    float64 `json:"train_loss"`    // mean over the epoch, as trained (dropout on)
	BatchLoss    float64 `json:"batch_loss"`    // of the last mini-batch, dropout off
	ValLoss      float64 `json:"val_loss"`      // over the validation split
	ValAccuracy  float64 `json:"val_accuracy"`  // 0..1, over the validation split
	LearningRate float64 `json:"learning_rate"` // of the last step
	Seconds      float64 `json:"seconds"`       // training alone
	EvalSeconds  float64 `json:"eval_seconds"`  // evaluation alone
	WeightsHash  string  `json:"weights_hash"`  // of all parameters after the epoch
}

func (e *Epoch) columns() columns {
	return columns{
		{"epoch", &e.Epoch}, {"train_loss", &e.TrainLoss}, {"batch_loss", &e.BatchLoss}, {"val_loss", &e.ValLoss},
		{"val_accuracy", &e.ValAccuracy}, {"learning_rate", &e.LearningRate},
		{"seconds", &e.Seconds}, {"eval_seconds", &e.EvalSeconds}, {"weights_hash", &e.WeightsHash},
	}
}

// Difference is a value that differs between a record and its replay. Field is a key of an epoch's or
// a run's JSON. Numbers have all their digits.
type Difference struct {
	Field    string `json:"field"`
	Recorded string `json:"recorded"`
	Now      string `json:"now"`
}

// ReplayedEpoch is an epoch on record beside the same epoch trained again.
type ReplayedEpoch struct {
	Epoch       int          `json:"epoch"`
	Recorded    *Epoch       `json:"recorded"` // nil where the loss diverged
	Now         *Epoch       `json:"now"`      // likewise
	Differences []Difference `json:"differences"`
}

// Log adds an epoch to a run of this process, with the network's answers on the validation split,
// which are kept for the best epoch. It refuses an epoch that is on record and values that are not
// finite numbers: a run whose loss is not finite has to be ended as Diverged.
func (s *Store) Log(ctx context.Context, id string, e Epoch, validation Answers) error {
	do := fmt.Sprintf("log epoch %d of run %s", e.Epoch, id)
	if err := e.check(); err != nil {
		return s.failed(do, err)
	}
	if err := checkAnswers(Validation, validation); err != nil {
		return s.failed(do, err)
	}
	if validation.contradicts(&e.ValAccuracy) {
		return s.failed(do, fmt.Errorf("the answers come to an accuracy of %v, val_accuracy is %v",
			validation.Accuracy(), e.ValAccuracy))
	}
	return s.write(ctx, do, func(tx *transaction) error {
		number, err := s.running(ctx, tx, id)
		if err != nil {
			return err
		}
		err = insertEpoch(ctx, tx, number, e)
		var constraint sqlite3.Error
		if errors.As(err, &constraint) && constraint.ExtendedCode == sqlite3.ErrConstraintPrimaryKey {
			return fmt.Errorf("the run has an epoch %d already: log each epoch once: %w", e.Epoch, err)
		}
		if err != nil {
			return err
		}
		if err := extendCurve(ctx, tx, number, e); err != nil {
			return err
		}
		var best int
		err = tx.QueryRowContext(ctx, `UPDATE runs SET
			logged_epochs = logged_epochs + 1,
			seconds = seconds + :seconds,
			best_epoch = iif(best_val_accuracy > :accuracy OR best_val_accuracy = :accuracy AND best_epoch < :epoch,
				best_epoch, :epoch),
			best_val_accuracy = max(coalesce(best_val_accuracy, :accuracy), :accuracy),
			last_val_accuracy = (SELECT val_accuracy FROM epochs WHERE run = :run ORDER BY epoch DESC LIMIT 1)
			WHERE number = :run
			RETURNING best_epoch`,
			sql.Named("seconds", e.Seconds), sql.Named("accuracy", e.ValAccuracy),
			sql.Named("epoch", e.Epoch), sql.Named("run", number)).Scan(&best)
		if err != nil || best != e.Epoch {
			return err
		}
		return putAnswers(ctx, tx, number, Validation, e.Epoch, validation)
	})
}

// Epochs returns a run's epochs in order.
func (r reader) Epochs(ctx context.Context, id string) ([]Epoch, error) {
	epochs, err := readEpochs(ctx, r.q, id)
	if err == nil && len(epochs) == 0 {
		_, err = readRun(ctx, r.q, id)
	}
	return epochs, r.failed("read the epochs of run "+id, err)
}

func readEpochs(ctx context.Context, q querier, id string) ([]Epoch, error) {
	return read(ctx, q, (*Epoch).columns,
		`FROM epochs WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY epoch`, id)
}

// insertEpoch adds an epoch to a run and leaves the run's sums alone.
func insertEpoch(ctx context.Context, tx *transaction, run int64, e Epoch) error {
	c := append(e.columns(), column{"run", &run})
	return tx.exec(ctx, c.insert("epochs"), c.fields()...)
}

// insertEpochs adds epochs to a run, sums all its epochs up anew, and removes answers that are no longer
// those of its best epoch.
func insertEpochs(ctx context.Context, tx *transaction, run int64, epochs []Epoch) error {
	for _, e := range epochs {
		err := e.check()
		if err == nil {
			err = insertEpoch(ctx, tx, run, e)
		}
		if err != nil {
			return fmt.Errorf("epoch %d: %w", e.Epoch, err)
		}
	}
	err := tx.exec(ctx, `UPDATE runs SET
		logged_epochs = (SELECT count(*) FROM epochs WHERE run = number),
		seconds = (SELECT total(seconds) FROM epochs WHERE run = number),
		best_epoch = (SELECT epoch FROM epochs WHERE run = number ORDER BY val_accuracy DESC, epoch LIMIT 1),
		best_val_accuracy = (SELECT max(val_accuracy) FROM epochs WHERE run = number),
		last_val_accuracy = (SELECT val_accuracy FROM epochs WHERE run = number ORDER BY epoch DESC LIMIT 1)
		WHERE number = ?`, run)
	if err != nil {
		return err
	}
	err = tx.exec(ctx, `DELETE FROM answers WHERE run = ?
		AND epoch IS NOT (SELECT best_epoch FROM runs WHERE number = run)`, run)
	if err != nil {
		return err
	}
	return drawCurve(ctx, tx, run)
}

// check refuses values that would make comparisons meaningless.
func (e Epoch) check() error {
	if e.Epoch < 1 {
		return fmt.Errorf("epoch is %d: epochs count from 1", e.Epoch)
	}
	if !(e.ValAccuracy >= 0 && e.ValAccuracy <= 1) { // also true of NaN
		return fmt.Errorf("val_accuracy is %v: want a fraction from 0 to 1", e.ValAccuracy)
	}
	return cmp.Or(
		finite("train_loss", e.TrainLoss), finite("batch_loss", e.BatchLoss), finite("val_loss", e.ValLoss),
		finite("learning_rate", e.LearningRate), duration("seconds", e.Seconds), duration("eval_seconds", e.EvalSeconds))
}

func finite(name string, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%s is %v, not a finite number: end the run as %s", name, v, Diverged)
	}
	return nil
}

func duration(name string, v float64) error {
	if !(v >= 0) || math.IsInf(v, 0) {
		return fmt.Errorf("%s is %v: want a finite duration of 0 or more", name, v)
	}
	return nil
}
