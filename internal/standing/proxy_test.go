package standing

import (
	"math"
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
	got, err := CompareModes(t.Context(), st, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Pair{
		{Experiment: "a", Dataset: "d", SingleBatch: 0.5, SingleSeeds: 2, SingleRank: 1, Full: 0.75, FullSeeds: 1, FullRank: 1},
		{Experiment: "b", Dataset: "d", SingleBatch: 0.25, SingleSeeds: 1, SingleRank: 2, Full: 0.75, FullSeeds: 2, FullRank: 1},
		{Experiment: "c", Dataset: "d", SingleBatch: 0.125, SingleSeeds: 1, SingleRank: 3, Full: 0.5, FullSeeds: 1, FullRank: 3},
	}
	if diff := cmp.Diff(want, got.Pairs, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("(-want +got) %s", diff)
	}
	// Two of three pairs in the same order, one tied in one mode.
	if tau := 2 / math.Sqrt(3*2); got.Correlation == nil || math.Abs(got.Correlation.Tau-tau) > 1e-12 || got.Correlation.Interval != nil {
		t.Errorf("correlation %+v, want %v without an interval", got.Correlation, tau)
	}

	only, err := where.Parse("layers[0] = z")
	if err != nil {
		t.Fatal(err)
	}
	if got, err = CompareModes(t.Context(), st, Options{Where: only}); err != nil || len(got.Pairs) != 1 || got.Correlation != nil {
		t.Errorf("%+v %v, want c alone and no correlation", got, err)
	}
}
