package compare

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat"

	"runner/internal/stats"
)

// Accuracy is the validation accuracy of a side's best epochs, 0..1.
type Accuracy struct {
	Label string `json:"label"`
	Seeds []Seed `json:"seeds"` // those with an epoch, in order of beginning
	// Mean, its 95% interval, and the kind of that: stats.StudentInterval or stats.WilsonInterval. All are nil without an
	// epoch, and the interval also for a single seed where the number of examples is not on record.
	Mean     *float64 `json:"mean"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	Interval string   `json:"interval,omitempty"`
	// Difference is the mean less A's; nil for A itself, and for the reason that Why gives.
	Difference *Difference `json:"difference"`
	Why        string      `json:"why,omitempty"`
	// TestAccuracy is the mean over the seeds that were tested, nil if none was. TestUses is how often the experiment was
	// evaluated on examples of the test split.
	TestAccuracy *float64 `json:"test_accuracy"`
	TestUses     int      `json:"test_looks"`
}

// Seed is the counted run of a seed, and its accuracies.
type Seed struct {
	Run          string   `json:"run"`
	Seed         int64    `json:"seed"`
	BestEpoch    int      `json:"best_epoch"`
	ValAccuracy  float64  `json:"val_accuracy"`
	TestAccuracy *float64 `json:"test_accuracy"` // nil if it was not tested
}

// Difference is the difference of two means, its own 95% interval, and its p value: by itself, and adjusted for all
// pairs compared.
type Difference struct {
	Mean      float64 `json:"mean"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	P         float64 `json:"p"`
	Adjusted  float64 `json:"p_adjusted"`
	Separated bool    `json:"separated"`
}

// accuracies compares the experiments on A's data, and describes the others.
func accuracies(sides []Side) ([]Accuracy, Test) {
	out := make([]Accuracy, len(sides))
	var groups [][]float64
	place := make(map[string]int) // of an experiment on A's data, in groups
	for i, s := range sides {
		out[i] = newAccuracy(s)
		if _, known := place[s.Group]; !known && otherData(sides[0], s) == "" {
			place[s.Group] = len(groups)
			groups = append(groups, out[i].values())
		}
	}
	c := stats.Compare(groups, sides[0].on.Validation)
	for i := range out {
		s, a := sides[i], &out[i]
		at, compared := place[s.Group]
		if compared {
			a.describe(c.Groups[at])
		} else {
			a.describe(stats.Compare([][]float64{a.values()}, s.on.Validation).Groups[0])
		}
		switch {
		case i == 0:
		case !compared:
			a.Why = otherData(sides[0], s)
		case at == 0:
			a.Why = fmt.Sprintf("%s is of the same experiment as %s", s.Label, sides[0].Label)
		case a.Mean == nil || out[0].Mean == nil:
			a.Why = "no epoch is on record"
		case c.Test.Name == "":
			a.Why = "the number of validation examples is not on record"
		default:
			pair, interval := c.Pair(at, 0), c.DifferenceInterval(at, 0)
			a.Difference = &Difference{pair.Difference, interval.Low, interval.High, pair.P, pair.Adjusted, pair.Separated}
		}
	}
	return out, Test{c.Test.Name, c.Test.Level, c.Test.Correction, c.Test.Pairs, c.Test.String()}
}

// newAccuracy collects what was measured.
func newAccuracy(s Side) Accuracy {
	a := Accuracy{Label: s.Label, Seeds: []Seed{}}
	var test []float64
	for _, r := range s.group.Runs {
		a.TestUses += r.TestUses
		if r.TestAccuracy != nil {
			test = append(test, *r.TestAccuracy)
		}
		if r.Logged > 0 {
			a.Seeds = append(a.Seeds, Seed{r.ID, r.Seed, r.BestEpoch, r.BestValAccuracy, r.TestAccuracy})
		}
	}
	if len(test) > 0 {
		a.TestAccuracy = new(stat.Mean(test, nil))
	}
	return a
}

// values are the accuracies of the seeds, sorted so that equal ones have the same sum to the last bit.
func (a *Accuracy) values() []float64 {
	values := make([]float64, len(a.Seeds))
	for i, s := range a.Seeds {
		values[i] = s.ValAccuracy
	}
	slices.Sort(values)
	return values
}

func (a *Accuracy) describe(g stats.Group) {
	if g.N > 0 {
		a.Mean, a.Interval = &g.Mean, g.Kind
	}
	if g.Kind != "" {
		a.Low, a.High = &g.Interval.Low, &g.Interval.High
	}
}
