package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSweeps reads sweeps as another process does: under way, left unfinished and done.
func TestSweeps(t *testing.T) {
	dir := t.TempDir()
	mine, other := openStore(t, dir), openStore(t, dir)
	done := begin(t, mine, func(r *Run) { r.Identity = "a" })
	end(t, mine, done, Finished)
	running := begin(t, mine, func(r *Run) { r.Identity = "b" })
	planned := []SweepRun{
		{Identity: "a", Experiment: "one", Seed: 1, Mode: "full", Epochs: 3, Work: 1e12},
		{Identity: "b", Experiment: "two", Seed: 2, Mode: "full", Epochs: 4, Work: 0.5},
		{Identity: "c", Experiment: "three", Seed: 3, Mode: "single-batch", Epochs: 5},
		{Identity: "a", Experiment: "one", Seed: 1, Mode: "full", Epochs: 3, Again: true},
	}
	number, err := mine.BeginSweep(t.Context(), planned)
	if err != nil {
		t.Fatal(err)
	}
	see := func(s *Store) (numbers []int64, alive []bool, runs [][]SweepRun) {
		t.Helper()
		sweeps, err := s.Sweeps(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range sweeps {
			numbers, alive, runs = append(numbers, w.Number), append(alive, w.Alive), append(runs, w.Runs)
		}
		return numbers, alive, runs
	}
	_, alive, runs := see(other)
	if !cmp.Equal(alive, []bool{true}) || len(runs[0]) != 4 {
		t.Fatalf("alive %v, runs %v", alive, runs)
	}
	if got := runs[0]; got[0].Run.ID != done.ID || got[1].Run.ID != running.ID || got[1].Run.Status != Running ||
		got[2].Run != nil || got[3].Run != nil {
		t.Errorf("runs %+v", got)
	}
	again := begin(t, mine, func(r *Run) { r.Identity = "a" })
	if _, _, runs := see(other); runs[0][0].Run.ID != again.ID || runs[0][3].Run.ID != again.ID {
		t.Errorf("trained again: %+v", runs[0])
	}
	for i := range runs[0] {
		runs[0][i].Run = nil
	}
	if diff := cmp.Diff(planned, runs[0]); diff != "" {
		t.Errorf("(-planned +read):\n%s", diff)
	}

	// A second one beside it; then the first one's process is gone.
	second, err := other.BeginSweep(t.Context(), planned[:1])
	if err != nil {
		t.Fatal(err)
	}
	if err := mine.Close(); err != nil {
		t.Fatal(err)
	}
	reader := openStore(t, dir)
	numbers, alive, _ := see(reader)
	if !cmp.Equal(numbers, []int64{second, number}) || !cmp.Equal(alive, []bool{true, false}) {
		t.Errorf("sweeps %v, alive %v", numbers, alive)
	}
	third, err := reader.BeginSweep(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.EndSweep(t.Context(), second, false); err != nil {
		t.Fatal(err)
	}
	numbers, alive, _ = see(other)
	if !cmp.Equal(numbers, []int64{third, second}) || !cmp.Equal(alive, []bool{true, false}) {
		t.Errorf("sweeps %v, alive %v", numbers, alive)
	}
	if err := reader.EndSweep(t.Context(), third, true); err != nil {
		t.Fatal(err)
	}
	if numbers, _, _ = see(other); !cmp.Equal(numbers, []int64{second}) {
		t.Errorf("sweeps %v", numbers)
	}
	fourth, err := other.BeginSweep(t.Context(), nil)
	if err != nil || fourth <= third {
		t.Errorf("sweep %d after %d: %v", fourth, third, err)
	}
	var left int
	if err := other.db.QueryRow(`SELECT count(*) FROM sweep_runs`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d runs of sweeps that are forgotten: %v", left, err)
	}
}
