package main

import (
	"strings"
	"testing"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner"
	"runner/store"
)

// The store is sound, except that its runs have no folders.
func TestGenerate(t *testing.T) {
	const experiments, seeds, epochs = 210, 2, 3
	dir := t.TempDir()
	if err := generate(t.Context(), dir, experiments, seeds, epochs); err != nil {
		t.Fatal(err)
	}
	st, err := store.OpenExisting(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	h, err := st.Check(t.Context(), runner.ReadSettings, func(store.Run) []store.Finding { return nil })
	if err != nil || h.Runs != experiments*seeds || h.Epochs != h.Runs*epochs {
		t.Errorf("%d runs, %d epochs (%v)", h.Runs, h.Epochs, err)
	}
	for _, f := range h.Findings {
		if !strings.HasPrefix(f.What, "its folder ") {
			t.Errorf("%+v", f)
		}
	}
	v, err := st.Snapshot(t.Context(), store.Filter{})
	if err != nil || len(v.Groups) != experiments || len(v.Groups[0].Runs) != seeds {
		t.Fatalf("%+v (%v), want %d groups of %d seeds", v, err, experiments, seeds)
	}
	if err := v.Close(); err != nil {
		t.Error(err)
	}
	runs, err := st.Runs(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		e, faults := spec.Parse("run "+r.ID, []byte(r.Config))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if _, faults := runner.NewPlan(e, data.Kinds()); len(faults) > 0 {
			t.Fatal(faults)
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	for _, n := range [][3]int{{0, 1, 1}, {points + 1, 1, 1}, {1, 0, 1}, {1, 1, 0}} {
		if err := generate(t.Context(), t.TempDir(), n[0], n[1], n[2]); err == nil {
			t.Errorf("made a store of %v", n)
		}
	}
}

func TestPointsAreDistinct(t *testing.T) {
	seen := make(map[string]bool)
	for i := range points {
		seen[at(i).group(1)] = true
	}
	if len(seen) != points {
		t.Errorf("%d experiments in a grid of %d", len(seen), points)
	}
}
