package standing

import (
	"slices"

	"gonum.org/v1/gonum/stat"

	"runner/store"
)

// Standing is one row of the leaderboard: the runs of one resolved experiment, one for each seed. Its fields and those
// of its parts, in this order, are the keys of its JSON and the columns of its CSV.
type Standing struct {
	Ranking
	Subject
	Cost
	Accuracy
	// Pareto says that no row of the dataset is more accurate with as few multiply-adds, or as accurate with fewer.
	Pareto bool `json:"pareto"`
	// BestEpoch is the best epoch of the best seed's run, the earliest of equal ones.
	BestEpoch *int `json:"best_epoch"`
	TestResult
	Time
	// BestOf is the number of rows of which this is the best, with Options.Group.
	BestOf int `json:"best_of,omitempty"`
	// Status is finished if all counted runs are, else the worst of their statuses.
	Status string `json:"status"`
	// Curve is the validation accuracy of each epoch, the mean over the seeds that have it.
	Curve []float64        `json:"-"`
	Runs  []store.GroupRun `json:"-"` // the counted ones, in order of beginning
	Group string           `json:"-"` // store.Group.ID

	accuracies  []float64 // behind ValAccuracy, one a seed, sorted
	fingerprint string    // store.Group.Fingerprint
}

// Ranking is where a row stands among those of its dataset: Rank is one more than the number of rows that are
// significantly better, and Tied says that another row has the same rank.
type Ranking struct {
	Rank int  `json:"rank"`
	Tied bool `json:"tied"`
}

// Subject is what a row is about.
type Subject struct {
	Experiment string `json:"experiment"` // the latest run's name for it
	Mode       string `json:"mode"`
	Dataset    string `json:"dataset"`
	// Fingerprint is that of the dataset where rows are on different bytes of it, else empty.
	Fingerprint string `json:"fingerprint,omitempty"`
	InitFrom    string `json:"init_from,omitempty"` // store.Run.InitFrom, which is part of the group
	// Configuration has the settings in which the rows differ, or those that were asked for.
	Configuration map[string]string `json:"configuration,omitempty"`
}

// Cost is what the network costs.
type Cost struct {
	Parameters   int64  `json:"parameters"`
	MultiplyAdds int64  `json:"multiply_adds"` // of one example
	Memory       *int64 `json:"memory_bytes"`  // that training takes, estimated; nil in runs of older versions
}

// Accuracy is the validation accuracy, 0..1, over seeds.
type Accuracy struct {
	Seeds          int      `json:"seeds"`            // those with an epoch
	ValAccuracy    *float64 `json:"val_accuracy"`     // the mean of the chosen epochs; nil without an epoch
	ValAccuracyStd *float64 `json:"val_accuracy_std"` // the sample standard deviation; nil with fewer than two seeds
	// The 95% interval of the mean, and its kind: stats.StudentInterval or stats.WilsonInterval. There is none without
	// an epoch, nor for a single seed where the number of validation examples is not on record.
	ValAccuracyLow  *float64 `json:"val_accuracy_low"`
	ValAccuracyHigh *float64 `json:"val_accuracy_high"`
	Interval        string   `json:"interval,omitempty"`
	// MoreSeeds is how many more seeds of this row and its neighbour would separate the two: 0 if they are separated, nil
	// if that cannot be computed.
	MoreSeeds *int `json:"more_seeds"`
}

// TestResult is what is known of the test split.
type TestResult struct {
	TestAccuracy *float64 `json:"test_accuracy"` // the mean over the seeds that were tested, 0..1; nil if none was
	TestUses     int      `json:"test_looks"`    // evaluations on examples of the test split
}

// Time is training time in seconds.
type Time struct {
	SecondsPerEpoch *float64 `json:"seconds_per_epoch"` // the mean over all epochs; nil without one
	// SecondsToTarget is the time to Options.Target, the mean over seeds; nil if a seed does not reach it.
	SecondsToTarget *float64 `json:"seconds_to_target,omitempty"`
}

// statuses are all statuses, the best first.
var statuses = []store.Status{store.Finished, store.Running, store.Interrupted, store.Diverged, store.Failed}

// newStandings makes a row of each group, with the fingerprint where a dataset has several.
func newStandings(groups []store.Group, last bool) []*Standing {
	rows := make([]*Standing, len(groups)) // pointers, as rows are large and sorted often
	of := make(map[string]string)          // a fingerprint of each dataset
	several := make(map[string]bool)
	for i, g := range groups {
		rows[i] = newStanding(g, last)
		if first, has := of[g.Dataset]; !has {
			of[g.Dataset] = g.Fingerprint
		} else if first != g.Fingerprint {
			several[g.Dataset] = true
		}
	}
	if len(several) > 0 {
		for i, g := range groups {
			if several[g.Dataset] {
				rows[i].Fingerprint = g.Fingerprint
			}
		}
	}
	return rows
}

// newStanding makes the row of a group. last chooses each run's last epoch instead of its best.
func newStanding(g store.Group, last bool) *Standing {
	st := &Standing{
		Subject:     Subject{Experiment: g.Experiment, Mode: g.Mode, Dataset: g.Dataset, InitFrom: g.InitFrom},
		Cost:        Cost{Parameters: g.Parameters, MultiplyAdds: g.MultiplyAdds},
		Group:       g.ID,
		Runs:        g.Runs,
		fingerprint: g.Fingerprint,
	}
	if g.Memory > 0 {
		st.Memory = new(g.Memory)
	}
	status := store.Finished
	var best store.GroupRun
	var test []float64
	epochs, seconds := 0, 0.0
	for _, r := range g.Runs {
		if slices.Index(statuses, r.Status) > slices.Index(statuses, status) {
			status = r.Status
		}
		st.TestUses += r.TestUses
		if r.TestAccuracy != nil {
			test = append(test, *r.TestAccuracy)
		}
		if r.Logged == 0 {
			continue
		}
		accuracy := r.BestValAccuracy
		if last {
			accuracy = r.LastValAccuracy
		}
		st.accuracies = append(st.accuracies, accuracy)
		epochs += r.Logged
		seconds += r.Seconds
		if best.Logged == 0 || r.BestValAccuracy > best.BestValAccuracy ||
			r.BestValAccuracy == best.BestValAccuracy && r.BestEpoch < best.BestEpoch {
			best = r
		}
	}
	// In one order equal accuracies have the same sum to the last bit.
	slices.Sort(st.accuracies)
	st.Status = string(status)
	st.Seeds = len(st.accuracies)
	if len(test) > 0 {
		st.TestAccuracy = new(stat.Mean(test, nil))
	}
	if st.Seeds > 0 {
		st.ValAccuracy = new(stat.Mean(st.accuracies, nil))
		st.BestEpoch = new(best.BestEpoch)
		st.SecondsPerEpoch = new(seconds / float64(epochs))
	}
	if st.Seeds > 1 {
		st.ValAccuracyStd = new(stat.StdDev(st.accuracies, nil))
	}
	return st
}

// Data names what a row was trained on. Only rows on the same data compare.
func (st *Standing) Data() string {
	if st.Fingerprint == "" {
		return st.Dataset
	}
	return st.Dataset + " " + st.Fingerprint[:min(8, len(st.Fingerprint))]
}

// accuracy is the mean validation accuracy; -1 without an epoch.
func (st *Standing) accuracy() float64 {
	if st.ValAccuracy == nil {
		return -1
	}
	return *st.ValAccuracy
}
