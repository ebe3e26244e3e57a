package compare

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"runner/store"
	"runner/store/storetest"
)

// examples are the validation examples of the runs here, of two classes.
const examples = 100

// train records a finished run of an experiment, with the number of examples that each epoch gets right, the first
// ones.
func train(t *testing.T, st *store.Store, r store.Run, right ...int) store.Run {
	t.Helper()
	if r.Config == "" {
		r.Config = "name: x\nlayers:\n  - flatten\n  - dense: {units: 10}\nbatch_size: 64\n"
	}
	r.Settings = storetest.Settings(r.Config)
	r, err := st.Begin(t.Context(), r, store.Dataset{
		Name: r.Dataset, Fingerprint: r.Fingerprint, Classes: []string{"cat", "dog"}, Validation: examples})
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range right {
		a := store.NewAnswers(examples, 2)
		for e := range examples {
			predicted := e % 2
			if e >= n {
				predicted = 1 - predicted
			}
			a.Set(e, e%2, predicted)
		}
		e := store.Epoch{Epoch: i + 1, TrainLoss: 1 / float64(i+1), ValAccuracy: float64(n) / examples}
		if err := st.Log(t.Context(), r.ID, e, a); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.End(t.Context(), r.ID, store.Finished, "", ""); err != nil {
		t.Fatal(err)
	}
	return r
}

func run(experiment string, seed int64) store.Run {
	return store.Run{
		Experiment: experiment, Group: "group of " + experiment, Identity: fmt.Sprint(experiment, seed), Seed: seed,
		Mode: "full", Dataset: "synthetic", Fingerprint: "f",
	}
}

func openStore(t *testing.T) (*store.Store, string) {
	t.Helper()
	dir := t.TempDir()
	st, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st, dir
}

var options = Options{
	Default: func(string, string) string { return "" },
	Costs: func(r store.Run) ([]Costs, error) {
		if r.Experiment == "lost" {
			return nil, errors.New("no such layer")
		}
		return []Costs{{Output: []int{4}}, {Output: []int{2}, Parameters: new(int64(10)), MultiplyAdds: new(int64(8))}}, nil
	},
}

func compared(t *testing.T, st *store.Store, names ...string) Comparison {
	t.Helper()
	c, err := compareIn(t, st, names...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// compareIn compares what names mean in a snapshot of a store.
func compareIn(t *testing.T, st *store.Store, names ...string) (Comparison, error) {
	t.Helper()
	v, err := st.Snapshot(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	return Runs(t.Context(), v, names, options)
}

func TestRuns(t *testing.T) {
	st, _ := openStore(t)
	train(t, st, run("a", 1), 40, 50)
	train(t, st, run("a", 2), 60, 54)
	b := run("b", 1)
	b.Config = "name: b\nlayers:\n  - flatten\n  - dense: {units: 20}\nbatch_size: 128\nepochs: 3\n"
	b.InitFrom = strings.Repeat("0f", 32)
	train(t, st, b, 90)
	train(t, st, run("b", 1), 80) // of the same seed: the latest counts
	b.Seed = 2
	last := train(t, st, b, 70, 84, 80)
	if err := st.CountTestUse(t.Context(), last.ID, "test", 10); err != nil {
		t.Fatal(err)
	}

	train(t, st, run("b", 3)) // without an epoch it does not count
	c := compared(t, st, "a", "b")
	if c.Sides[1].Run != last.ID || c.Sides[0].Seed != 2 || c.Sides[1].Seeds != 2 {
		t.Errorf("sides %+v: expected the latest runs, of two seeds each", c.Sides)
	}
	if got := drawn(c.Layers[1]); len(c.Layers) != 2 || got != "1|~1 units" {
		t.Errorf("%d layers, the last %s", len(c.Layers), got)
	}
	text := func(s string) *string { return &s }
	want := []Setting{
		{"batch_size", []*string{text("64"), text("128")}},
		{"epochs", []*string{nil, text("3")}},
		{"init_from", []*string{nil, &b.InitFrom}},
	}
	if diff := cmp.Diff(want, c.Settings); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	a, d := c.Accuracies[0], c.Accuracies[1].Difference
	if *a.Mean != 0.55 || a.Seeds[1].BestEpoch != 1 || a.Difference != nil || c.Accuracies[1].TestUses != 1 {
		t.Errorf("accuracies %+v", c.Accuracies)
	}
	if d == nil || math.Abs(d.Mean-0.27) > 1e-12 || d.Low >= 0.27 || d.High <= 0.27 || d.P != d.Adjusted || d.P < 0.01 ||
		d.P > 0.05 || !d.Separated {
		t.Errorf("difference %+v, expected 0.27 with a p value of two seeds each", d)
	}
	// The 84 that B has right hold A's 60.
	if o := c.Answers[0]; o.BothRight != 60 || o.OnlyA != 0 || o.Only != 24 || o.BothWrong != 16 || *o.P > 1e-6 ||
		*o.P != *o.Adjusted {
		t.Errorf("answers %+v", o)
	}
	if got, want := c.Answers[0].Shifts(),
		[]Shift{{0, 0, 30, 42}, {0, 1, 20, 8}, {1, 0, 20, 8}, {1, 1, 30, 42}}; !cmp.Equal(got, want) {
		t.Errorf("shifts %v, expected %v", got, want)
	}
	points := c.Curves[1].Points
	if len(points) != 3 || points[0].Seeds != 2 || *points[0].ValAccuracy != (Band{0.75, 0.7, 0.8}) ||
		points[2].Seeds != 1 || points[1].TrainLoss.Mean != 0.5 {
		t.Errorf("curve of B %+v", points)
	}
}

// A test of several is adjusted for all, and each is compared with A.
func TestRunsThree(t *testing.T) {
	st, _ := openStore(t)
	for seed, right := range []int{50, 54, 52} {
		train(t, st, run("a", int64(seed)), right)
		train(t, st, run("b", int64(seed)), right+3)
		train(t, st, run("c", int64(seed)), right+9)
	}
	c := compared(t, st, "a", "b", "c")
	if c.Test.Pairs != 3 || !strings.Contains(c.Test.Text, "Holm over 3 pairs") {
		t.Errorf("test %+v", c.Test)
	}
	if b, c := c.Accuracies[1].Difference, c.Accuracies[2].Difference; b.Adjusted < b.P || c.Adjusted != 3*c.P ||
		!c.Separated || b.Separated {
		t.Errorf("differences %+v and %+v", b, c)
	}
	if b, c := c.Answers[0], c.Answers[1]; b.Only != 3 || *b.Adjusted < *b.P || c.Only != 9 || *c.Adjusted != 2**c.P {
		t.Errorf("answers %+v and %+v", b, c)
	}
}

// The same accuracies differ by nothing, whichever seeds have them.
func TestRunsAlike(t *testing.T) {
	st, _ := openStore(t)
	for seed, right := range []int{10, 20, 30} {
		train(t, st, run("a", int64(seed)), right)
		train(t, st, run("b", int64(seed)), 40-right)
	}
	if d := compared(t, st, "a", "b").Accuracies[1].Difference; d.Mean != 0 || d.P != 1 {
		t.Errorf("difference %v, p %v; expected 0 and 1", d.Mean, d.P)
	}
}

// Two runs of one experiment compare in their answers alone.
func TestRunsOfOneExperiment(t *testing.T) {
	st, _ := openStore(t)
	first, second := train(t, st, run("a", 1), 50, 55), train(t, st, run("a", 2), 60)
	c := compared(t, st, second.ID, first.ID)
	if c.Answers[0].OnlyA != 5 || c.Accuracies[1].Difference != nil || !strings.Contains(c.Accuracies[1].Why,
		"same experiment") || c.Test.Name != "" {
		t.Errorf("answers %+v, accuracy %+v, test %+v", c.Answers[0], c.Accuracies[1], c.Test)
	}
	if !c.Curves[0].OneRun || len(c.Curves[0].Points) != 1 || len(c.Curves[1].Points) != 2 {
		t.Errorf("curves %+v: expected one run each", c.Curves)
	}

	_, err := compareIn(t, st, "a", second.ID[:7])
	var same *SameError
	if !errors.As(err, &same) || same.Run != second.ID {
		t.Errorf("one run twice: %v", err)
	}
	var missing *store.NotFoundError
	if _, err := compareIn(t, st, "a", "nothing"); !errors.As(err, &missing) {
		t.Errorf("no such run: %v", err)
	}
}

// What does not compare is named, and what is not on record is left out.
func TestRunsApart(t *testing.T) {
	st, dir := openStore(t)
	train(t, st, run("a", 1), 50)
	other, bytes, single, none := run("other", 1), run("bytes", 1), run("single", 1), run("none", 1)
	other.Dataset, other.Fingerprint = "cifar10", "g"
	bytes.Fingerprint = "g"
	single.Mode = "single-batch"
	train(t, st, other, 60)
	train(t, st, bytes, 60)
	train(t, st, single, 60)
	train(t, st, none)
	old := train(t, st, run("old", 1), 60)
	train(t, st, run("lost", 1), 60)
	forget(t, dir, old.ID)

	for _, c := range []struct {
		name, note, accuracy, answers string
	}{
		{"other", "A is on synthetic, B on cifar10: their accuracies do not compare", "A is on synthetic, B on cifar10",
			"A is on synthetic, B on cifar10"},
		{"bytes", "B is on other bytes of synthetic than A", "other bytes of synthetic", "other bytes of synthetic"},
		{"single", "A was trained in mode full, B in mode single-batch", "", ""},
		{"none", "", "no epoch is on record", "of B has no epoch yet"},
		{"old", "", "", "run " + old.ID + " of B is of a version that did not keep its answers"},
		{"lost", "B: the costs of single layers are not known: no such layer", "", ""},
	} {
		got := compared(t, st, "a", c.name)
		for what, pair := range map[string][2]string{
			"notes": {strings.Join(got.Notes, " "), c.note}, "accuracy": {got.Accuracies[1].Why, c.accuracy},
			"answers": {got.Answers[0].Why, c.answers},
		} {
			if !strings.Contains(pair[0], pair[1]) || (pair[1] == "") != (pair[0] == "") {
				t.Errorf("%s: %s %q, expected %q", c.name, what, pair[0], pair[1])
			}
		}
		if d := got.Accuracies[1].Difference; (d == nil) != (c.accuracy != "") {
			t.Errorf("%s: difference %+v", c.name, d)
		}
		if o := got.Answers[0]; (o.P == nil) != (c.answers != "") || (o.Adjusted == nil) != (o.P == nil) {
			t.Errorf("%s: p %v, adjusted %v", c.name, o.P, o.Adjusted)
		}
	}
	// Both A and the others may be the ones that are missing.
	if got := compared(t, st, "none", "a").Answers[0].Why; !strings.Contains(got, "of A has no epoch yet") {
		t.Errorf("A without an epoch: %q", got)
	}
}

// forget takes the answers of a run out of a store, as versions left it that did not keep them.
func forget(t *testing.T, dir, id string) {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(dir, "runner.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`DELETE FROM answers WHERE run = (SELECT number FROM runs WHERE id = ?)`, id); err != nil {
		t.Fatal(err)
	}
}
