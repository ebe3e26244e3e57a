package store

import (
	"cmp"
	"context"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Standing is one row of the leaderboard: the runs of one resolved experiment, one for each seed.
//
// Runs belong together by content, never by name. Of a seed with several runs the latest finished
// one counts, else the latest with an epoch, else the latest.
type Standing struct {
	// Rank counts from 1 by validation accuracy among the standings of its dataset, the best first;
	// equal ones share it (1, 1, 3). Accuracies on different datasets do not compare.
	Rank         int    `json:"rank"`
	Experiment   string `json:"experiment"` // the latest run's name for it
	Mode         string `json:"mode"`
	Dataset      string `json:"dataset"`
	Group        string `json:"-"`                   // Run.Group
	InitFrom     string `json:"init_from,omitempty"` // Run.InitFrom, which is part of the group
	Parameters   int64  `json:"parameters"`
	MultiplyAdds int64  `json:"multiply_adds"` // of one example
	// Seeds is the number of seeds behind ValAccuracy: those with an epoch.
	Seeds int `json:"seeds"`
	// ValAccuracy is the mean over seeds of each run's best epoch, 0..1; nil without an epoch.
	ValAccuracy *float64 `json:"val_accuracy"`
	// ValAccuracyStd is the sample standard deviation over seeds; nil with fewer than two.
	ValAccuracyStd *float64 `json:"val_accuracy_std"`
	// BestEpoch is the best epoch of the best seed's run, the earliest of equal ones.
	BestEpoch *int `json:"best_epoch"`
	// TestAccuracy is the mean over the seeds that were tested, 0..1; nil if none was.
	TestAccuracy *float64 `json:"test_accuracy"`
	// SecondsPerEpoch is the training time of an epoch, the mean over all epochs of the counted
	// runs; 0 without an epoch.
	SecondsPerEpoch float64 `json:"seconds_per_epoch"`
	// Status is that of the counted runs: finished if all are, else the least happy one's.
	Status string `json:"status"`
}

// happiness orders the statuses, the happiest first.
var happiness = []Status{Finished, Running, Interrupted, Diverged, Failed}

// Standings compares what f picks: the datasets by name, and in each the best first. Equal
// accuracies are in order of parameters, experiment and group; what has no epoch yet comes last.
func (s *Store) Standings(ctx context.Context, f Filter) ([]Standing, error) {
	runs, err := s.countedRuns(ctx, f)
	if err != nil {
		return nil, s.failed("compare the runs", err)
	}
	var standings []Standing
	for len(runs) > 0 {
		n := slices.IndexFunc(runs, func(r Run) bool {
			return r.Group != runs[0].Group || r.Mode != runs[0].Mode || r.Dataset != runs[0].Dataset
		})
		if n < 0 {
			n = len(runs)
		}
		standings = append(standings, summarize(runs[:n]))
		runs = runs[n:]
	}
	rank(standings)
	return standings, nil
}

// countedRuns returns one run for each seed of each group, without the long fields; those of a
// group follow each other in order of beginning.
func (s *Store) countedRuns(ctx context.Context, f Filter) ([]Run, error) {
	const columns = `id, experiment, mode, dataset, seedless_identity, init_from, parameters, multiply_adds, status,
		logged_epochs, seconds, best_epoch, best_val_accuracy, test_accuracy`
	rows, err := s.db.QueryContext(ctx, `
		SELECT `+columns+` FROM (
			SELECT number, `+columns+`, row_number() OVER (
				PARTITION BY seedless_identity, mode, dataset, seed
				ORDER BY status = 'finished' DESC, logged_epochs > 0 DESC, number DESC
			) AS place
			FROM runs WHERE `+matchesFilter+`
		)
		WHERE place = 1
		ORDER BY seedless_identity, mode, dataset, number`, f.Mode, f.Dataset)
	if err != nil {
		return nil, err
	}
	runs, err := collect(rows, func(r *Run) []any {
		return []any{&r.ID, &r.Experiment, &r.Mode, &r.Dataset, &r.Group, &r.InitFrom, &r.Parameters, &r.MultiplyAdds, &r.Status,
			&r.Logged, &r.Seconds, &r.BestEpoch, &r.BestValAccuracy, &r.TestAccuracy}
	})
	if err != nil {
		return nil, err
	}
	return runs, s.settle(ctx, s.db, runs)
}

// summarize joins the counted runs of one group, at least one, in order of beginning.
func summarize(runs []Run) Standing {
	last := runs[len(runs)-1]
	st := Standing{
		Experiment: last.Experiment, Mode: last.Mode, Dataset: last.Dataset, Group: last.Group, InitFrom: last.InitFrom,
		Parameters: last.Parameters, MultiplyAdds: last.MultiplyAdds,
	}
	status := Finished
	var best Run
	var val, test []float64
	var epochs int
	var seconds float64
	for _, r := range runs {
		if slices.Index(happiness, r.Status) > slices.Index(happiness, status) {
			status = r.Status
		}
		if r.TestAccuracy != nil {
			test = append(test, *r.TestAccuracy)
		}
		if r.Logged == 0 {
			continue
		}
		val = append(val, *r.BestValAccuracy)
		epochs += r.Logged
		seconds += r.Seconds
		if best.Logged == 0 || *r.BestValAccuracy > *best.BestValAccuracy ||
			*r.BestValAccuracy == *best.BestValAccuracy && *r.BestEpoch < *best.BestEpoch {
			best = r
		}
	}
	st.Status = string(status)
	st.Seeds = len(val)
	st.BestEpoch = best.BestEpoch
	if len(test) > 0 {
		st.TestAccuracy = new(stat.Mean(test, nil))
	}
	if len(val) > 0 {
		st.ValAccuracy = new(stat.Mean(val, nil))
		st.SecondsPerEpoch = seconds / float64(epochs)
	}
	if len(val) > 1 {
		st.ValAccuracyStd = new(stat.StdDev(val, nil))
	}
	return st
}

// rank sorts the standings and numbers those of each dataset.
func rank(standings []Standing) {
	accuracy := func(st Standing) float64 {
		if st.ValAccuracy == nil {
			return -1 // below every accuracy
		}
		return *st.ValAccuracy
	}
	slices.SortFunc(standings, func(a, b Standing) int {
		return cmp.Or(
			cmp.Compare(a.Dataset, b.Dataset),
			cmp.Compare(accuracy(b), accuracy(a)),
			cmp.Compare(a.Parameters, b.Parameters),
			cmp.Compare(a.Experiment, b.Experiment),
			cmp.Compare(a.Group, b.Group),
			cmp.Compare(a.Mode, b.Mode),
		)
	})
	first := 0 // of the dataset
	for i := range standings {
		if standings[i].Dataset != standings[first].Dataset {
			first = i
		}
		standings[i].Rank = i - first + 1
		if i > first && accuracy(standings[i]) == accuracy(standings[i-1]) {
			standings[i].Rank = standings[i-1].Rank
		}
	}
}
