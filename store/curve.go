package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"math"
)

// Curve is the validation accuracy and the training seconds of each epoch of a run, as float32.
type Curve []byte

const pointSize = 8 // bytes an epoch

// Len is the number of epochs.
func (c Curve) Len() int { return len(c) / pointSize }

// At returns the validation accuracy, 0..1, and the training seconds of epoch i+1.
func (c Curve) At(i int) (accuracy, seconds float64) {
	float := func(at int) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(c[at:]))) }
	return float(pointSize * i), float(pointSize*i + 4)
}

// SecondsTo returns the training time until the validation accuracy is at least target.
func (c Curve) SecondsTo(target float64) (seconds float64, reached bool) {
	for i := range c.Len() {
		accuracy, took := c.At(i)
		seconds += took
		// As float32, so that a target equal to an accuracy is reached.
		if float32(accuracy) >= float32(target) {
			return seconds, true
		}
	}
	return 0, false
}

func (c Curve) append(e Epoch) Curve {
	c = binary.LittleEndian.AppendUint32(c, math.Float32bits(float32(e.ValAccuracy)))
	return binary.LittleEndian.AppendUint32(c, math.Float32bits(float32(e.Seconds)))
}

// extendCurve adds a logged epoch to the run's curve.
func extendCurve(ctx context.Context, tx *transaction, number int64, e Epoch) error {
	var c Curve
	var last int
	err := tx.QueryRowContext(ctx,
		`SELECT (SELECT points FROM curves WHERE run = ?1), max(epoch) FROM epochs WHERE run = ?1`,
		number).Scan((*[]byte)(&c), &last)
	if err != nil {
		return err
	}
	if e.Epoch != last { // out of order
		return drawCurve(ctx, tx, number)
	}
	return putCurve(ctx, tx, number, c.append(e))
}

// drawCurve draws a run's curve anew from its epochs.
func drawCurve(ctx context.Context, tx *transaction, number int64) error {
	var c Curve
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var e Epoch
		err := rows.Scan(&e.ValAccuracy, &e.Seconds)
		c = c.append(e)
		return err
	}, `SELECT val_accuracy, seconds FROM epochs WHERE run = ? ORDER BY epoch`, number)
	if err != nil {
		return err
	}
	return putCurve(ctx, tx, number, c)
}

func putCurve(ctx context.Context, tx *transaction, number int64, c Curve) error {
	if c.Len() == 0 {
		return nil
	}
	return tx.exec(ctx, `INSERT INTO curves (run, points) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET points = ?2`,
		number, []byte(c))
}
