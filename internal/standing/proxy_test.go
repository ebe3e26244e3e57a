package standing

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"runner/internal/where"
	"runner/store"
)

// finishedRun puts a finished run of one epoch on record.
func finishedRun(t *testing.T, st *store.Store, experiment, mode, config string, seed int64, accuracy float64) {
	t.Helper()
	ctx := context.Background()
	config += "\nmode: " + mode
	run, err := st.Begin(ctx, store.Run{
		Experiment: experiment, Identity: fmt.Sprint(config, seed), Group: config, Seed: seed, Mode: mode, Dataset: "d", Config: config, Epochs: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	answers := store.NewAnswers(1000, 2)
	for i := range answers.Examples {
		predicted := 0
		if float64(i) >= 1000*accuracy-0.25 {
			predicted = 1
		}
		answers.Set(i, 0, predicted)
	}
	if err := st.Log(ctx, run.ID, store.Epoch{Epoch: 1, ValAccuracy: accuracy, Seconds: 1}, answers); err != nil {
		t.Fatal(err)
	}
	if err := st.End(ctx, run.ID, store.Finished, "", ""); err != nil {
		t.Fatal(err)
	}
}

// Experiments are paired by all but their mode and batch file, and the seeds of both files count.
func TestCompareModes(t *testing.T) {
	st, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	finishedRun(t, st, "a", "single-batch", "layers: [x]\ndata_batch: 1", 1, 0.25)
	finishedRun(t, st, "a", "single-batch", "layers: [x]\ndata_batch: 2", 1, 0.75)
	finishedRun(t, st, "a", "full", "layers: [x]\ndata_batch: 1", 1, 0.75)
	finishedRun(t, st, "b", "single-batch", "layers: [y]", 1, 0.25)
	finishedRun(t, st, "b", "full", "layers: [y]", 1, 0.875)
	finishedRun(t, st, "b", "full", "layers: [y]", 2, 0.625)
	finishedRun(t, st, "c", "single-batch", "layers: [z]", 1, 0.125)
	finishedRun(t, st, "c", "full", "layers: [z]", 1, 0.5)
	finishedRun(t, st, "alone", "full", "layers: [w]", 1, 0.5)
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
