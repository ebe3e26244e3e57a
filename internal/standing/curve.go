package standing

import (
	"context"

	"runner/store"
)

// reach fills in the training time to an accuracy, the mean over a row's seeds.
func reach(ctx context.Context, v *store.Snapshot, rows []*Standing, target float64) error {
	reached := make(map[int64]float64) // by the number of the run
	err := v.EachCurve(ctx, func(run int64, c store.Curve) {
		if seconds, ok := c.SecondsTo(target); ok {
			reached[run] = seconds
		}
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		total, all := 0.0, row.Seeds > 0
		for _, r := range row.Runs {
			if r.Logged == 0 {
				continue
			}
			seconds, ok := reached[r.Number]
			total, all = total+seconds, all && ok
		}
		if all {
			row.SecondsToTarget = new(total / float64(row.Seeds))
		}
	}
	return nil
}

// drawCurves fills in the rows' curves.
func drawCurves(ctx context.Context, v *store.Snapshot, rows []*Standing) error {
	var numbers []int64
	for _, row := range rows {
		for _, r := range row.Runs {
			numbers = append(numbers, r.Number)
		}
	}
	curves, err := v.Curves(ctx, numbers...)
	for _, row := range rows {
		row.Curve = meanCurve(curves, row.Runs)
	}
	return err
}

// meanCurve is the mean validation accuracy of each epoch, over the runs that have it.
func meanCurve(curves map[int64]store.Curve, runs []store.GroupRun) []float64 {
	var sum []float64
	var n []int
	for _, r := range runs {
		c := curves[r.Number]
		for i := range c.Len() {
			if i == len(sum) {
				sum, n = append(sum, 0), append(n, 0)
			}
			accuracy, _ := c.At(i)
			sum[i] += accuracy
			n[i]++
		}
	}
	for i := range sum {
		sum[i] /= float64(n[i])
	}
	return sum
}
