package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// epochColumns pairs the columns of the table epochs, but for the run, with the fields of e that
// hold them, for reading and for inserting.
func epochColumns(e *Epoch) (names []string, fields []any) {
	for _, c := range []struct {
		name  string
		field any
	}{
		{"epoch", &e.Epoch},
		{"train_loss", &e.TrainLoss},
		{"batch_loss", &e.BatchLoss},
		{"val_loss", &e.ValLoss},
		{"val_accuracy", &e.ValAccuracy},
		{"learning_rate", &e.LearningRate},
		{"seconds", &e.Seconds},
		{"eval_seconds", &e.EvalSeconds},
		{"weights_hash", &e.WeightsHash},
	} {
		names, fields = append(names, c.name), append(fields, c.field)
	}
	return names, fields
}

// readEpochs reads a run's epochs in order.
func readEpochs(ctx context.Context, q querier, id string) ([]Epoch, error) {
	names, _ := epochColumns(new(Epoch))
	rows, err := q.QueryContext(ctx, `SELECT `+strings.Join(names, ", ")+`
		FROM epochs WHERE run = (SELECT number FROM runs WHERE id = ?) ORDER BY epoch`, id)
	if err != nil {
		return nil, err
	}
	return collect(rows, func(e *Epoch) []any {
		_, fields := epochColumns(e)
		return fields
	})
}

// insertEpoch adds an epoch to a run, whose sums it leaves alone.
func insertEpoch(ctx context.Context, tx *sql.Tx, id string, e Epoch) error {
	names, fields := epochColumns(&e)
	_, err := tx.ExecContext(ctx, fmt.Sprintf(
		`INSERT INTO epochs (run, %s) VALUES ((SELECT number FROM runs WHERE id = ?)%s)`,
		strings.Join(names, ", "), strings.Repeat(", ?", len(names))), append([]any{id}, fields...)...)
	return err
}

// insertEpochs adds epochs to a run and makes its sums those of all its epochs. Answers go that are not of
// the best one any more.
func insertEpochs(ctx context.Context, tx *sql.Tx, id string, epochs []Epoch) error {
	for _, e := range epochs {
		err := e.check()
		if err == nil {
			err = insertEpoch(ctx, tx, id, e)
		}
		if err != nil {
			return fmt.Errorf("epoch %d: %w", e.Epoch, err)
		}
	}
	var number int64
	err := tx.QueryRowContext(ctx, `UPDATE runs SET
		logged_epochs = (SELECT count(*) FROM epochs WHERE run = number),
		seconds = (SELECT total(seconds) FROM epochs WHERE run = number),
		best_epoch = (SELECT epoch FROM epochs WHERE run = number ORDER BY val_accuracy DESC, epoch LIMIT 1),
		best_val_accuracy = (SELECT max(val_accuracy) FROM epochs WHERE run = number),
		last_val_accuracy = (SELECT val_accuracy FROM epochs WHERE run = number ORDER BY epoch DESC LIMIT 1)
		WHERE id = ? RETURNING number`, id).Scan(&number)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM answers WHERE run = ?
		AND epoch IS NOT (SELECT best_epoch FROM runs WHERE number = run)`, number)
	if err != nil {
		return err
	}
	return drawCurve(ctx, tx, number)
}

// hasRun tells whether there is a run of this ID.
func hasRun(ctx context.Context, q querier, id string) (bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT number FROM runs WHERE id = ?`, id)
	if err != nil {
		return false, err
	}
	numbers, err := collect(rows, func(n *int64) []any { return []any{n} })
	return len(numbers) > 0, err
}
