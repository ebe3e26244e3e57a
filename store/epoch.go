package store

import (
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

// Log adds an epoch to a run of this process, and what the network then said of the validation split, which
// is kept of the best epoch. An epoch that is there already is an error, as is a figure that is not a
// finite number: a run whose loss is none has to be ended as Diverged.
func (s *Store) Log(ctx context.Context, id string, e Epoch, validation Answers) error {
	do := fmt.Sprintf("log epoch %d of run %s", e.Epoch, id)
	if err := e.check(); err != nil {
		return s.failed(do, err)
	}
	if err := checkAnswers(Validation, validation); err != nil {
		return s.failed(do, err)
	}
	if a := validation.Accuracy(); math.Abs(a-e.ValAccuracy) > 0.5/float64(validation.Examples) {
		return s.failed(do, fmt.Errorf("the answers come to an accuracy of %v, val_accuracy is %v", a, e.ValAccuracy))
	}
	return s.write(ctx, do, func(tx *sql.Tx) error {
		number, err := s.running(ctx, tx, id)
		if err != nil {
			return err
		}
		err = insertEpoch(ctx, tx, id, e)
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

// Epochs returns a run's epochs in order, none if it has none yet.
func (s *Store) Epochs(ctx context.Context, id string) ([]Epoch, error) {
	has, err := hasRun(ctx, s.db, id)
	if err == nil && !has {
		err = &NotFoundError{Ref: id}
	}
	var epochs []Epoch
	if err == nil {
		epochs, err = readEpochs(ctx, s.db, id)
	}
	return epochs, s.failed(fmt.Sprintf("read the epochs of run %s", id), err)
}

// check refuses figures that would make comparisons meaningless.
func (e Epoch) check() error {
	if e.Epoch < 1 {
		return fmt.Errorf("epoch is %d: epochs count from 1", e.Epoch)
	}
	for _, f := range []struct {
		name  string
		value float64
	}{
		{"train_loss", e.TrainLoss}, {"batch_loss", e.BatchLoss}, {"val_loss", e.ValLoss}, {"learning_rate", e.LearningRate},
	} {
		if err := finite(f.name, f.value); err != nil {
			return err
		}
	}
	if err := fraction("val_accuracy", e.ValAccuracy); err != nil {
		return err
	}
	if err := duration("seconds", e.Seconds); err != nil {
		return err
	}
	return duration("eval_seconds", e.EvalSeconds)
}

func finite(name string, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%s is %v, not a finite number: end the run as %s", name, v, Diverged)
	}
	return nil
}

func fraction(name string, v float64) error {
	if !(v >= 0 && v <= 1) { // also true of NaN
		return fmt.Errorf("%s is %v: want a fraction from 0 to 1", name, v)
	}
	return nil
}

func duration(name string, v float64) error {
	if !(v >= 0) || math.IsInf(v, 0) {
		return fmt.Errorf("%s is %v: want a finite duration of 0 or more", name, v)
	}
	return nil
}
