package standing

import (
	"slices"
	"testing"

	"runner/internal/stats"
	"runner/store"
)

func TestSingle(t *testing.T) {
	run := store.Run{
		ID: "3f9a01c4", Group: "aa", Experiment: "cnn", Dataset: "synthetic", Seed: 7, Parameters: 12, MultiplyAdds: 34,
		Memory: 56,
		Status: store.Interrupted, Results: store.Results{Logged: 2, Seconds: 6, BestEpoch: new(1),
			BestValAccuracy: new(0.75), LastValAccuracy: new(0.5), TestAccuracy: new(0.7)},
	}
	b := Single(run, []store.Epoch{{Epoch: 1, ValAccuracy: 0.75}, {Epoch: 2, ValAccuracy: 0.5}}, 3,
		store.Dataset{Name: "synthetic", Validation: 100})
	if len(b.Standings) != 1 || len(b.Tests) != 1 || b.Tests[0].Pairs != 0 || b.TestUses != 3 {
		t.Fatalf("%+v", b)
	}
	row := b.Standings[0]
	if row.Rank != 1 || row.Seeds != 1 || *row.ValAccuracy != 0.75 || row.Interval != stats.WilsonInterval ||
		*row.ValAccuracyLow >= 0.75 ||
		*row.BestEpoch != 1 || *row.TestAccuracy != 0.7 || row.TestUses != 3 || *row.SecondsPerEpoch != 3 ||
		row.Status != "interrupted" ||
		!row.Pareto || row.Group != "aa" || row.Runs[0].ID != run.ID || !slices.Equal(row.Curve, []float64{0.75, 0.5}) {
		t.Errorf("%+v", row)
	}
	// Without an epoch there is no figure.
	b = Single(store.Run{Status: store.Failed}, nil, 0, store.Dataset{})
	if row := b.Standings[0]; row.ValAccuracy != nil || row.Seeds != 0 || row.SecondsPerEpoch != nil ||
		row.Status != "failed" {
		t.Errorf("without an epoch: %+v", row)
	}
}
