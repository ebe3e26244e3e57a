package store

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// trained is a run and how it went.
type trained struct {
	experiment, group string
	seed              int64
	status            Status
	accuracies        []float64 // of epochs 1, 2, ..., each of 2 seconds
	test              float64   // 0: not tested
	parameters        int64
	mode, dataset     string // "": full, cifar10
	initFrom          string
}

func train(t testing.TB, s *Store, runs []trained) {
	t.Helper()
	for _, tr := range runs {
		r := begin(t, s, func(r *Run) {
			r.Experiment, r.Group, r.Seed, r.Parameters = tr.experiment, tr.group, tr.seed, tr.parameters
			r.InitFrom = tr.initFrom
			if tr.mode != "" {
				r.Mode = tr.mode
			}
			if tr.dataset != "" {
				r.Dataset = tr.dataset
			}
		})
		for i, a := range tr.accuracies {
			logEpoch(t, s, r.ID, i+1, a, 2)
		}
		if tr.test != 0 {
			if err := s.RecordTest(t.Context(), r.ID, 1, tr.test); err != nil {
				t.Fatal(err)
			}
		}
		if tr.status != Running {
			if err := s.End(t.Context(), r.ID, tr.status, "", ""); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestStandings(t *testing.T) {
	weights := strings.Repeat("3f2c", 16)
	for _, tc := range []struct {
		name   string
		runs   []trained
		filter Filter
		want   []Standing // Mode full, Dataset cifar10, MultiplyAdds 5000 where not given
	}{
		{name: "nothing"},
		{
			name: "best first",
			runs: []trained{
				{experiment: "a", group: "a", status: Finished, accuracies: []float64{0.1, 0.3, 0.2}},
				{experiment: "b", group: "b", status: Finished, accuracies: []float64{0.5, 0.5}, test: 0.45},
			},
			want: []Standing{
				{Rank: 1, Experiment: "b", Group: "b", Seeds: 1, ValAccuracy: new(0.5), BestEpoch: new(1), TestAccuracy: new(0.45), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 2, Experiment: "a", Group: "a", Seeds: 1, ValAccuracy: new(0.3), BestEpoch: new(2), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "several seeds",
			runs: []trained{
				{experiment: "a", group: "a", seed: 1, status: Finished, accuracies: []float64{0.25, 0.125}, test: 0.5},
				{experiment: "a", group: "a", seed: 2, status: Finished, accuracies: []float64{0.125, 0.5}, test: 0.25},
				{experiment: "a", group: "a", seed: 3, status: Finished, accuracies: []float64{0.75, 0.5}},
			},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "a", Seeds: 3, ValAccuracy: new(0.5), ValAccuracyStd: new(0.25), BestEpoch: new(1), TestAccuracy: new(0.375), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "best epoch is the earliest of equally good seeds",
			runs: []trained{
				{experiment: "a", group: "a", seed: 1, status: Finished, accuracies: []float64{0, 0, 0.5}},
				{experiment: "a", group: "a", seed: 2, status: Finished, accuracies: []float64{0, 0.5, 0.5}},
			},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "a", Seeds: 2, ValAccuracy: new(0.5), ValAccuracyStd: new(0.0), BestEpoch: new(2), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "of a repeated seed the latest finished run counts, not the best",
			runs: []trained{
				{experiment: "a", group: "a", seed: 1, status: Finished, accuracies: []float64{0.75}, test: 0.75},
				{experiment: "a", group: "a", seed: 1, status: Finished, accuracies: []float64{0.25}},
				{experiment: "a", group: "a", seed: 1, status: Failed, accuracies: []float64{0.875}},
				{experiment: "a", group: "a", seed: 1, status: Running, accuracies: []float64{0.5}},
			},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "a", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "without a finished one the latest with an epoch counts",
			runs: []trained{
				{experiment: "a", group: "a", seed: 1, status: Failed, accuracies: []float64{0.75}},
				{experiment: "a", group: "a", seed: 1, status: Diverged, accuracies: []float64{0.25}},
				{experiment: "a", group: "a", seed: 1, status: Running},
			},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "a", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "diverged"},
			},
		},
		{
			name: "runs without an epoch come last and do not count as seeds",
			runs: []trained{
				{experiment: "b", group: "b", status: Failed},
				{experiment: "c", group: "c", status: Running},
				{experiment: "a", group: "a", seed: 1, status: Finished, accuracies: []float64{0}},
				{experiment: "a", group: "a", seed: 2, status: Failed},
			},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "a", Seeds: 1, ValAccuracy: new(0.0), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "failed"},
				{Rank: 2, Experiment: "b", Group: "b", Status: "failed"},
				{Rank: 2, Experiment: "c", Group: "c", Status: "running"},
			},
		},
		{
			name: "the least happy status",
			runs: []trained{
				{experiment: "a", group: "a", seed: 1, status: Interrupted, accuracies: []float64{0.5}},
				{experiment: "a", group: "a", seed: 2, status: Diverged, accuracies: []float64{0.5}},
				{experiment: "a", group: "a", seed: 3, status: Finished, accuracies: []float64{0.5}},
				{experiment: "b", group: "b", seed: 1, status: Running, accuracies: []float64{0.25}},
				{experiment: "b", group: "b", seed: 2, status: Finished, accuracies: []float64{0.25}},
			},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "a", Seeds: 3, ValAccuracy: new(0.5), ValAccuracyStd: new(0.0), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "diverged"},
				{Rank: 2, Experiment: "b", Group: "b", Seeds: 2, ValAccuracy: new(0.25), ValAccuracyStd: new(0.0), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "running"},
			},
		},
		{
			name: "grouped by content, not by name",
			runs: []trained{
				{experiment: "net", group: "one", seed: 1, status: Finished, accuracies: []float64{0.25}},
				{experiment: "net", group: "two", seed: 1, status: Finished, accuracies: []float64{0.75}},
				{experiment: "renamed", group: "one", seed: 2, status: Finished, accuracies: []float64{0.75}},
			},
			want: []Standing{
				{Rank: 1, Experiment: "net", Group: "two", Seeds: 1, ValAccuracy: new(0.75), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 2, Experiment: "renamed", Group: "one", Seeds: 2, ValAccuracy: new(0.5), ValAccuracyStd: new(math.Sqrt(0.125)), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "equal accuracies share a rank, fewer parameters first",
			runs: []trained{
				{experiment: "d", group: "d", status: Finished, accuracies: []float64{0.25}},
				{experiment: "b", group: "z", status: Finished, accuracies: []float64{0.5}, parameters: 9},
				{experiment: "b", group: "y", status: Finished, accuracies: []float64{0.5}, parameters: 9},
				{experiment: "a", group: "x", status: Finished, accuracies: []float64{0.5}, parameters: 9},
				{experiment: "c", group: "w", status: Finished, accuracies: []float64{0.5}, parameters: 8},
			},
			want: []Standing{
				{Rank: 1, Experiment: "c", Group: "w", Parameters: 8, Seeds: 1, ValAccuracy: new(0.5), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 1, Experiment: "a", Group: "x", Parameters: 9, Seeds: 1, ValAccuracy: new(0.5), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 1, Experiment: "b", Group: "y", Parameters: 9, Seeds: 1, ValAccuracy: new(0.5), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 1, Experiment: "b", Group: "z", Parameters: 9, Seeds: 1, ValAccuracy: new(0.5), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 5, Experiment: "d", Group: "d", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "modes apart, and filtered",
			runs: []trained{
				{experiment: "a", group: "a", status: Finished, accuracies: []float64{0.5}},
				{experiment: "a", group: "a", status: Finished, accuracies: []float64{0.75}, mode: "single-batch"},
				{experiment: "a", group: "a2", status: Finished, accuracies: []float64{0.25}, mode: "single-batch", dataset: "synthetic"},
			},
			filter: Filter{Mode: "single-batch"},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "a", Mode: "single-batch", Seeds: 1, ValAccuracy: new(0.75), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 1, Experiment: "a", Group: "a2", Mode: "single-batch", Dataset: "synthetic", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "ranked in each dataset",
			runs: []trained{
				{experiment: "a", group: "a", status: Finished, accuracies: []float64{0.25}, dataset: "z"},
				{experiment: "b", group: "b", status: Finished, accuracies: []float64{0.5}, dataset: "z"},
				{experiment: "c", group: "c", status: Finished, accuracies: []float64{0.25}, dataset: "y"},
				{experiment: "d", group: "d", status: Finished, accuracies: []float64{0.75}, dataset: "z"},
			},
			want: []Standing{
				{Rank: 1, Experiment: "c", Group: "c", Dataset: "y", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 1, Experiment: "d", Group: "d", Dataset: "z", Seeds: 1, ValAccuracy: new(0.75), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 2, Experiment: "b", Group: "b", Dataset: "z", Seeds: 1, ValAccuracy: new(0.5), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 3, Experiment: "a", Group: "a", Dataset: "z", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "equal accuracies on different datasets share no rank",
			runs: []trained{
				{experiment: "a", group: "a", status: Finished, accuracies: []float64{0.5}, dataset: "y"},
				{experiment: "b", group: "b", status: Finished, accuracies: []float64{0.25}, dataset: "y"},
				{experiment: "c", group: "c", status: Finished, accuracies: []float64{0.25}, dataset: "z"},
			},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "a", Dataset: "y", Seeds: 1, ValAccuracy: new(0.5), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 2, Experiment: "b", Group: "b", Dataset: "y", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 1, Experiment: "c", Group: "c", Dataset: "z", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
		{
			name: "started from weights",
			runs: []trained{
				{experiment: "a", group: "drawn", status: Finished, accuracies: []float64{0.25}},
				{experiment: "a", group: "from", status: Finished, accuracies: []float64{0.5}, initFrom: weights},
			},
			want: []Standing{
				{Rank: 1, Experiment: "a", Group: "from", InitFrom: weights, Seeds: 1, ValAccuracy: new(0.5), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
				{Rank: 2, Experiment: "a", Group: "drawn", Seeds: 1, ValAccuracy: new(0.25), BestEpoch: new(1), SecondsPerEpoch: 2, Status: "finished"},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			train(t, s, tc.runs)
			for i := range tc.want {
				w := &tc.want[i]
				w.MultiplyAdds = 5000
				if w.Mode == "" {
					w.Mode = "full"
				}
				if w.Dataset == "" {
					w.Dataset = "cifar10"
				}
			}
			got, err := s.Standings(t.Context(), tc.filter)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
				t.Error("(-want +got)", diff)
			}
		})
	}
}

func TestSecondsPerEpochIsTheMeanOverEpochs(t *testing.T) {
	s := openStore(t, t.TempDir())
	for seed, seconds := range [][]float64{{1, 1, 1}, {5}} {
		r := begin(t, s, func(r *Run) { r.Seed = int64(seed) })
		for i, sec := range seconds {
			logEpoch(t, s, r.ID, i+1, 0.5, sec)
		}
	}
	got, err := s.Standings(t.Context(), Filter{})
	if err != nil || len(got) != 1 || got[0].SecondsPerEpoch != 2 {
		t.Errorf("%+v %v, want 8 s over 4 epochs", got, err)
	}
}

// TestStandingJSON pins the names that programs read.
func TestStandingJSON(t *testing.T) {
	got, err := json.Marshal(Standing{Rank: 1, Experiment: "a", Group: "not shown", Status: "failed"})
	want := `{"rank":1,"experiment":"a","mode":"","dataset":"","parameters":0,"multiply_adds":0,"seeds":0,` +
		`"val_accuracy":null,"val_accuracy_std":null,"best_epoch":null,"test_accuracy":null,"seconds_per_epoch":0,"status":"failed"}`
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if got, err = json.Marshal(Standing{InitFrom: "3f2c"}); err != nil || !strings.Contains(string(got), `"init_from":"3f2c"`) {
		t.Errorf("%s, %v: lacks init_from", got, err)
	}
	got, err = json.Marshal(Epoch{Epoch: 1, WeightsHash: "h"})
	want = `{"epoch":1,"train_loss":0,"batch_loss":0,"val_loss":0,"val_accuracy":0,"learning_rate":0,"seconds":0,"eval_seconds":0,"weights_hash":"h"}`
	if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
		t.Error(err, diff)
	}
}
