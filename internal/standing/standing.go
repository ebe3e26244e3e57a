package standing

import (
	"slices"

	"gonum.org/v1/gonum/stat"

	"runner/store"
)

// Standing is one row of the leaderboard: the runs of one resolved experiment, one for each seed.
type Standing struct {
	// Rank is one more than the number of rows of the dataset that are significantly better;
	// Tied says that another row has it too.
	Rank       int    `json:"rank"`
	Tied       bool   `json:"tied"`
	Experiment string `json:"experiment"` // the latest run's name for it
	Mode       string `json:"mode"`
	Dataset    string `json:"dataset"`
	// Fingerprint is that of the dataset where other rows are on other bytes of it, else empty.
	Fingerprint string `json:"fingerprint,omitempty"`
	InitFrom    string `json:"init_from,omitempty"` // store.Run.InitFrom, which is part of the group
	// Configuration are the settings in which the rows differ, or that were asked for.
	Configuration map[string]string `json:"configuration,omitempty"`
	Parameters    int64             `json:"parameters"`
	MultiplyAdds  int64             `json:"multiply_adds"` // of one example
	Memory        *int64            `json:"memory_bytes"`  // that training takes, estimated; nil of older versions
	// Seeds is the number of seeds behind ValAccuracy: those with an epoch.
	Seeds int `json:"seeds"`
	// ValAccuracy is the mean over seeds of the chosen epoch's accuracy, 0..1; nil without an epoch.
	ValAccuracy *float64 `json:"val_accuracy"`
	// ValAccuracyStd is the sample standard deviation over seeds; nil with fewer than two.
	ValAccuracyStd *float64 `json:"val_accuracy_std"`
	// The 95% interval of ValAccuracy, and which: stats.StudentInterval or stats.WilsonInterval; nil and empty without an
	// epoch, and of a single seed where the number of validation examples is not on record.
	ValAccuracyLow  *float64 `json:"val_accuracy_low"`
	ValAccuracyHigh *float64 `json:"val_accuracy_high"`
	Interval        string   `json:"interval,omitempty"`
	// MoreSeeds, of this row and of its neighbour, would tell the two apart; 0 where they are told
	// apart, nil where nobody knows.
	MoreSeeds *int `json:"more_seeds"`
	// Pareto says that no row of the dataset is more accurate with as few multiply-adds, or as
	// accurate with fewer.
	Pareto bool `json:"pareto"`
	// BestEpoch is the best epoch of the best seed's run, the earliest of equal ones.
	BestEpoch *int `json:"best_epoch"`
	// TestAccuracy is the mean over the seeds that were tested, 0..1; nil if none was.
	TestAccuracy *float64 `json:"test_accuracy"`
	TestUses     int      `json:"test_looks"` // evaluations on examples of the test split
	// SecondsPerEpoch is the training time of an epoch, the mean over all epochs of the counted
	// runs; nil without an epoch.
	SecondsPerEpoch *float64 `json:"seconds_per_epoch"`
	// SecondsToTarget is the training time to the accuracy that was asked for, the mean over
	// seeds; nil if a seed does not reach it.
	SecondsToTarget *float64 `json:"seconds_to_target,omitempty"`
	// BestOf is the number of rows of which this is the best, with Options.Group.
	BestOf int `json:"best_of,omitempty"`
	// Status is that of the counted runs: finished if all are, else the least happy one's.
	Status string `json:"status"`
	// Curve is the validation accuracy of each epoch, the mean over the seeds that have it.
	Curve []float64 `json:"-"`
	// Runs are the counted ones, in order of beginning.
	Runs  []store.GroupRun `json:"-"`
	Group string           `json:"-"` // store.Group.ID

	accuracies  []float64 // behind ValAccuracy, one a seed, sorted
	fingerprint string    // store.Group.Fingerprint
}

// happiness orders the statuses, the happiest first.
var happiness = []store.Status{store.Finished, store.Running, store.Interrupted, store.Diverged, store.Failed}

// newStandings makes a row of each group, and names the fingerprints of datasets that have several.
func newStandings(groups []store.Group, last bool) []*Standing {
	rows := make([]*Standing, len(groups)) // sorted often, and large
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

// newStanding joins the counted runs of a group, in order of beginning; last chooses each run's last
// epoch instead of its best.
func newStanding(g store.Group, last bool) *Standing {
	st := &Standing{
		Experiment: g.Experiment, Mode: g.Mode, Dataset: g.Dataset, InitFrom: g.InitFrom,
		Parameters: g.Parameters, MultiplyAdds: g.MultiplyAdds, Group: g.ID, Runs: g.Runs, fingerprint: g.Fingerprint,
	}
	if g.Memory > 0 {
		st.Memory = new(g.Memory)
	}
	status := store.Finished
	var best store.GroupRun
	var test []float64
	epochs, seconds := 0, 0.0
	for _, r := range g.Runs {
		if slices.Index(happiness, r.Status) > slices.Index(happiness, status) {
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
	// Equal accuracies in another order have the same sum only if they are added in one order.
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

// Data names what a row was trained on: only rows on the same data compare.
func (st *Standing) Data() string {
	if st.Fingerprint == "" {
		return st.Dataset
	}
	return st.Dataset + " " + st.Fingerprint[:min(8, len(st.Fingerprint))]
}

// accuracy is the mean validation accuracy, below every other without an epoch.
func (st *Standing) accuracy() float64 {
	if st.ValAccuracy == nil {
		return -1
	}
	return *st.ValAccuracy
}
