package compare

import (
	"context"
	"math"
	"slices"

	"runner/store"
)

// Curve is what the runs of a side reached, epoch by epoch.
type Curve struct {
	Label string `json:"label"`
	// OneRun says that it is of the side's run alone, as another side is of the same experiment.
	OneRun bool    `json:"one_run"`
	Points []Point `json:"points"`
}

// Point is an epoch, over the seeds that have it.
type Point struct {
	Epoch       int   `json:"epoch"`
	Seeds       int   `json:"seeds"`
	ValAccuracy *Band `json:"val_accuracy"` // 0..1
	TrainLoss   *Band `json:"train_loss"`
}

// Band is the mean over seeds, between the least and the greatest value. There is none where a value is not finite.
type Band struct {
	Mean     float64 `json:"mean"`
	Least    float64 `json:"least"`
	Greatest float64 `json:"greatest"`
}

// curves reads the epochs of the runs behind each side.
func curves(ctx context.Context, v *store.Snapshot, sides []Side) ([]Curve, error) {
	var out []Curve
	for _, s := range sides {
		oneRun := slices.ContainsFunc(sides, func(o Side) bool { return o.Label != s.Label && o.Group == s.Group })
		ids := []string{s.Run}
		if !oneRun {
			ids = nil
			for _, r := range s.group.Runs {
				ids = append(ids, r.ID)
			}
		}
		var runs [][]store.Epoch
		for _, id := range ids {
			epochs, err := v.Epochs(ctx, id)
			if err != nil {
				return nil, err
			}
			runs = append(runs, epochs)
		}
		out = append(out, Curve{s.Label, oneRun, points(runs)})
	}
	return out, nil
}

func points(runs [][]store.Epoch) []Point {
	out := []Point{}
	for i := 0; ; i++ {
		var accuracy, loss []float64
		for _, epochs := range runs {
			if i < len(epochs) {
				accuracy, loss = append(accuracy, epochs[i].ValAccuracy), append(loss, epochs[i].TrainLoss)
			}
		}
		if len(accuracy) == 0 {
			return out
		}
		out = append(out, Point{i + 1, len(accuracy), bandOf(accuracy), bandOf(loss)})
	}
}

func bandOf(values []float64) *Band {
	b := Band{0, values[0], values[0]}
	for _, v := range values {
		b.Mean += v / float64(len(values))
		b.Least, b.Greatest = min(b.Least, v), max(b.Greatest, v)
	}
	if math.IsNaN(b.Mean) || math.IsInf(b.Mean, 0) {
		return nil
	}
	return &b
}
