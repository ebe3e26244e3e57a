package standing

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"runner/internal/where"
)

// Experiments are paired by all but their mode and batch file, and the seeds of both files count.
func TestCompareModes(t *testing.T) {
	run := func(experiment, mode, config string, seed int64, accuracy float64) trained {
		return trained{experiment: experiment, mode: mode, config: config, seed: seed, accuracies: []float64{accuracy}}
	}
	st := openStore(t,
		run("a", "single-batch", "layers: [x]\ndata_batch: 1", 1, 0.25),
		run("a", "single-batch", "layers: [x]\ndata_batch: 2", 1, 0.75),
		run("a", "full", "layers: [x]\ndata_batch: 1", 1, 0.75),
		run("b", "single-batch", "layers: [y]", 1, 0.25),
		run("b", "full", "layers: [y]", 1, 0.875),
		run("b", "full", "layers: [y]", 2, 0.625),
		run("c", "single-batch", "layers: [z]", 1, 0.125),
		run("c", "full", "layers: [z]", 1, 0.5),
		run("alone", "full", "layers: [w]", 1, 0.5),
	)
	got, err := compareModes(t, st, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Pair{
		{Experiment: "a", Dataset: "d", SingleBatch: 0.5, SingleSeeds: 2, SingleRank: 1, Full: 0.75, FullSeeds: 1,
			FullRank: 1},
		{Experiment: "b", Dataset: "d", SingleBatch: 0.25, SingleSeeds: 1, SingleRank: 2, Full: 0.75, FullSeeds: 2,
			FullRank: 1},
		{Experiment: "c", Dataset: "d", SingleBatch: 0.125, SingleSeeds: 1, SingleRank: 3, Full: 0.5, FullSeeds: 1,
			FullRank: 3},
	}
	if diff := cmp.Diff(want, got.Pairs, cmpopts.EquateApprox(1e-12, 0),
		cmpopts.IgnoreFields(Pair{}, "Group")); diff != "" {
		t.Errorf("(-want +got) %s", diff)
	}
	// Two of three pairs in the same order, one tied in one mode.
	if tau := 2 / math.Sqrt(3*2); got.Correlation == nil || math.Abs(got.Correlation.Tau-tau) > 1e-12 ||
		got.Correlation.Interval != nil {
		t.Errorf("correlation %+v, want %v without an interval", got.Correlation, tau)
	}

	// Rows in single-batch mode are what is filtered, and what a pair's mean is over.
	for _, c := range []struct {
		where string
		want  []float64 // in single-batch mode
	}{
		{"layers[0] = z", []float64{0.125}},
		{"mode = single-batch and data_batch = 2", []float64{0.75}},
		{"val_accuracy < 0.26 and seeds = 1", []float64{0.25, 0.25, 0.125}},
		{"mode = full", nil},
	} {
		condition, err := where.Parse(c.where)
		if err != nil {
			t.Fatal(err)
		}
		got, err := compareModes(t, st, Options{Where: condition})
		var means []float64
		for _, p := range got.Pairs {
			means = append(means, p.SingleBatch)
		}
		if err != nil || !slices.Equal(means, c.want) {
			t.Errorf("%s: %v, %v, want %v", c.where, means, err, c.want)
		}
	}
}

// Pairs that are equal in all that is shown keep one order, wherever they come from.
func TestNumberOrder(t *testing.T) {
	for _, groups := range [][]string{{"1", "2", "3"}, {"3", "2", "1"}, {"2", "3", "1"}} {
		var pairs []Pair
		for _, group := range groups {
			pairs = append(pairs, Pair{Experiment: "a", Full: 0.5, Group: group})
		}
		number(pairs, func(p *Pair) (float64, *int) { return p.Full, &p.FullRank })
		for i, p := range pairs {
			if p.Group != string(rune('1'+i)) || p.FullRank != 1 {
				t.Errorf("%v: at %d group %s of rank %d, expected %d of rank 1", groups, i, p.Group, p.FullRank, i+1)
			}
		}
	}
}
