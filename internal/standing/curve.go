package standing

import (
	"context"

	"runner/store"
)

// reach fills in the training time to an accuracy, the mean over a row's seeds.
func reach(ctx context.Context, st *store.Store, rows []Standing, target float64) error {
	curves, err := st.Curves(ctx)
	if err != nil {
		return err
	}
	for i := range rows {
		total, all := 0.0, rows[i].Seeds > 0
		for _, r := range rows[i].Runs {
			if r.Logged == 0 {
				continue
			}
			seconds, reached := curves[r.Number].SecondsTo(target)
			total, all = total+seconds, all && reached
		}
		if all {
			rows[i].SecondsToTarget = new(total / float64(rows[i].Seeds))
		}
	}
	return nil
}

// drawCurves fills in the rows' curves.
func drawCurves(ctx context.Context, st *store.Store, rows []Standing) error {
	for i := range rows {
		var numbers []int64
		for _, r := range rows[i].Runs {
			numbers = append(numbers, r.Number)
		}
		curves, err := st.Curves(ctx, numbers...)
		if err != nil {
			return err
		}
		rows[i].Curve = meanCurve(curves)
	}
	return nil
}

// meanCurve is the mean validation accuracy of each epoch, over the runs that have it.
func meanCurve(curves map[int64]store.Curve) []float64 {
	var sum []float64
	var n []int
	for _, c := range curves {
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
