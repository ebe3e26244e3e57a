package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"runner/runner"
	"runner/store"
)

// trainedOn records a finished run of one epoch on a dataset, which answered so many validation examples rightly,
// all of the first class.
func trainedOn(t *testing.T, st *store.Store, experiment string, seed int64, on store.Dataset, examples, classes,
	right int) store.Run {
	t.Helper()
	config := "name: " + experiment + "\ndataset: " + on.Name + "\nlayers: [flatten]\n"
	settings, err := runner.ReadSettings(config)
	if err != nil {
		t.Fatal(err)
	}
	r, err := st.Begin(t.Context(), store.Run{
		Experiment: experiment, Identity: experiment + string(rune('0'+seed)), Group: experiment, Seed: seed, Mode: "full",
		Dataset: on.Name, Fingerprint: on.Fingerprint, Config: config, Settings: settings, Epochs: 1,
	}, on)
	if err != nil {
		t.Fatal(err)
	}
	answers := store.NewAnswers(examples, classes)
	for i := range examples {
		answers.Set(i, 0, min(1, i/right))
	}
	if err := st.Log(t.Context(), r.ID, store.Epoch{Epoch: 1, ValAccuracy: answers.Accuracy(), Seconds: 1},
		answers); err != nil {
		t.Fatal(err)
	}
	if err := st.End(t.Context(), r.ID, store.Finished, "", ""); err != nil {
		t.Fatal(err)
	}
	return r
}

// What runs were measured on is read from the store: a dataset that this program does not know, one of a known name
// with other sizes and classes, and one of which nothing is known.
func TestForeignDatasets(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(t.Context(), filepath.Join(dir, "runs"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	birds := store.Dataset{Name: "birds", Fingerprint: "b", Classes: []string{"wren", "owl", "rook"}, Validation: 100}
	small := store.Dataset{Name: "cifar10", Fingerprint: "c", Classes: []string{"hot", "cold"}, Validation: 20}
	unknown := store.Dataset{Name: "cifar10", Fingerprint: "d"}
	perch := trainedOn(t, st, "perch", 1, birds, 100, 3, 50)
	trainedOn(t, st, "glide", 1, birds, 100, 3, 90)
	trainedOn(t, st, "tiny", 1, small, 20, 2, 10)
	trainedOn(t, st, "lost", 1, unknown, 20, 2, 10)
	trainedOn(t, st, "gone", 1, unknown, 20, 2, 20)
	run := func(args string) string {
		t.Helper()
		out, err := command(dir, strings.Fields(args)...).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
		return string(out)
	}
	var rows []struct {
		Experiment string
		Rank       int
		Low        *float64 `json:"val_accuracy_low"`
		High       *float64 `json:"val_accuracy_high"`
		Interval   string
	}
	if err := json.Unmarshal([]byte(run("leaderboard --format json")), &rows); err != nil {
		t.Fatal(err)
	}
	// Wilson's intervals of 50 of 100, 90 of 100 and 10 of 20.
	want := map[string][2]float64{"perch": {0.4038, 0.5962}, "glide": {0.8256, 0.9448}, "tiny": {0.2993, 0.7007}}
	for _, r := range rows {
		w, known := want[r.Experiment]
		switch {
		case !known && (r.Low != nil || r.High != nil || r.Interval != "" || r.Rank != 1):
			t.Errorf("an interval, or a rank, of a number of examples that nobody knows: %+v", r)
		case known && (r.Low == nil || *r.Low-w[0] > 1e-4 || w[0]-*r.Low > 1e-4 || *r.High-w[1] > 1e-4 ||
			w[1]-*r.High > 1e-4):
			t.Errorf("%s: %v to %v, expected %v", r.Experiment, *r.Low, *r.High, w)
		}
		if want := map[string]int{"perch": 2}[r.Experiment]; want != 0 && r.Rank != want {
			t.Errorf("%+v", r)
		}
	}
	if len(rows) != 5 {
		t.Errorf("%d rows", len(rows))
	}
	for _, c := range []struct{ args, want string }{
		{"leaderboard", "tests on 100 validation examples"},
		{"leaderboard", "No test: no experiment has two seeds, and the number of validation examples is not on record."},
		{"leaderboard", "One seed without an interval"},
		{"leaderboard --dataset birds", "perch"},
		{"list --dataset birds", "perch"},
		{"show perch", "wren"},
		{"show tiny", "hot"},
		{"show lost", "class 1"},
		{"export tiny --format json", `"classes": [
    "hot",
    "cold"
  ]`},
		{"export --all --format html", "rook"},
		{"compare perch glide", "two-proportion z"},
		{"compare perch glide", "wren"},
		{"compare lost gone", "the number of validation examples is not on record"},
		{"store check", "the store is sound"},
	} {
		if got := run(c.args); !strings.Contains(strings.ToLower(got), strings.ToLower(c.want)) {
			t.Errorf("%s lacks %q:\n%s", c.args, c.want, got)
		}
	}
	out, err := command(dir, "list", "--dataset", "birdies").CombinedOutput()
	if err == nil || !strings.Contains(string(out),
		`unknown dataset "birdies", expected one of birds, cifar10, synthetic`) {
		t.Errorf("%v %s", err, out)
	}
	if err := st.Remove(t.Context(), perch.ID); err != nil {
		t.Fatal(err)
	}
	run("store check")
}
