package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"runner/internal/standing"
)

// Programs rely on these keys, and on lists that are never null.
func TestJSONContract(t *testing.T) {
	for _, c := range []struct {
		name  string
		write func(*bytes.Buffer) error
		keys  string // of the object, or of the first of the list
	}{
		{"leaderboard", func(w *bytes.Buffer) error { return Leaderboard(w, board(), JSON, Style{}) },
			"rank tied experiment mode dataset configuration parameters multiply_adds memory_bytes seeds val_accuracy val_accuracy_std " +
				"val_accuracy_low val_accuracy_high interval more_seeds pareto best_epoch test_accuracy test_looks seconds_per_epoch status"},
		{"show", func(w *bytes.Buffer) error { return Show(w, finiteShown(), JSON, Style{}) },
			"id experiment status seed mode config repeat epochs test_looks per_class confusion"},
		{"compare", func(w *bytes.Buffer) error { return Compare(w, sideBySide(), JSON, Style{}) },
			"sides notes layers settings test accuracies answers classes curves"},
		{"replay", func(w *bytes.Buffer) error { return Replay(w, replayed(), JSON, Style{}) },
			"run experiment epochs_recorded epochs_compared equal first_difference environment epochs"},
		{"check", func(w *bytes.Buffer) error { return Check(w, checked(), JSON, Style{}) },
			"file valid faults parameters multiply_adds layers"},
		{"predictions", func(w *bytes.Buffer) error { return Predictions(w, predictions(), classes, 1, JSON, Style{}) },
			"index label logits probabilities"},
		{"runs", func(w *bytes.Buffer) error { return Runs(w, runs(), now, JSON, Style{}) },
			"id experiment seed mode dataset status best_val_accuracy started finished"},
		{"started from weights", func(w *bytes.Buffer) error { return Runs(w, runs()[1:], now, JSON, Style{}) }, "init_from"},
		{"datasets", func(w *bytes.Buffer) error { return Datasets(w, datasets(), JSON, Style{}) },
			"name description shape classes ready"},
		{"test", func(w *bytes.Buffer) error { return Test(w, tested(), JSON) },
			"run experiment checkpoint samples test_loss test_accuracy test_looks"},
	} {
		var out bytes.Buffer
		if err := c.write(&out); err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal(out.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if list, ok := got.([]any); ok {
			got = list[0]
		}
		for _, key := range strings.Fields(c.keys) {
			if _, ok := got.(map[string]any)[key]; !ok {
				t.Errorf("%s: no %q", c.name, key)
			}
		}
	}
}

func TestNothingIsAnEmptyList(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"leaderboard": func(w *bytes.Buffer) error { return Leaderboard(w, standing.Board{}, JSON, Style{}) },
		"runs":        func(w *bytes.Buffer) error { return Runs(w, nil, now, JSON, Style{}) },
		"datasets":    func(w *bytes.Buffer) error { return Datasets(w, nil, JSON, Style{}) },
		"check":       func(w *bytes.Buffer) error { return Check(w, nil, JSON, Style{}) },
		"predictions": func(w *bytes.Buffer) error { return Predictions(w, nil, nil, 3, JSON, Style{}) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil || out.String() != "[]\n" {
			t.Errorf("%s: %q, %v", name, out.String(), err)
		}
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"show":        func(w *bytes.Buffer) error { return Show(w, FullRun{}, JSON, Style{}) },
		"check":       func(w *bytes.Buffer) error { return Check(w, []Checked{{Layers: []CheckLayer{{}}}, {}}, JSON, Style{}) },
		"predictions": func(w *bytes.Buffer) error { return Predictions(w, []Prediction{{}}, nil, 3, JSON, Style{}) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"epochs", "per_class", "validation", "test", "layers", "faults", "input", "output", "logits", "probabilities"} {
			if strings.Contains(out.String(), `"`+key+`": null`) {
				t.Errorf("%s: %s is null", name, key)
			}
		}
	}
}

// What an empty table says names the command that fills it, and csv keeps its header.
func TestNothingForPeople(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer, Format) error{
		"leaderboard": func(w *bytes.Buffer, f Format) error { return Leaderboard(w, standing.Board{}, f, Style{Width: 40}) },
		"runs":        func(w *bytes.Buffer, f Format) error { return Runs(w, nil, now, f, Style{Width: 40}) },
	} {
		for f, want := range map[Format]string{Table: "runner sweep", CSV: "experiment,", Markdown: "| experiment"} {
			var out bytes.Buffer
			if err := write(&out, f); err != nil || !strings.Contains(out.String(), want) {
				t.Errorf("%s as %s: %q, %v", name, f, out.String(), err)
			}
		}
	}
	var out bytes.Buffer
	if err := Show(&out, FullRun{Run: runs()[1]}, Table, Style{}); err != nil || !strings.Contains(out.String(), "No epoch") {
		t.Errorf("show: %q, %v", out.String(), err)
	}
}

// A form that an output does not have is an error, and writes nothing.
func TestUnknownFormat(t *testing.T) {
	var out bytes.Buffer
	for i, err := range []error{
		Leaderboard(&out, standing.Board{}, "xml", Style{}), Runs(&out, nil, now, "xml", Style{}), Show(&out, FullRun{}, CSV, Style{}),
		Check(&out, nil, Markdown, Style{}), Replay(&out, Replayed{}, CSV, Style{}), Predictions(&out, nil, nil, 1, CSV, Style{}),
		Datasets(&out, nil, CSV, Style{}), Test(&out, Tested{}, CSV), Compare(&out, sideBySide(), CSV, Style{}),
	} {
		if err == nil || out.Len() > 0 {
			t.Errorf("case %d: error %v, wrote %q", i, err, out.String())
		}
	}
}

func TestCSVKeepsEveryDigit(t *testing.T) {
	s := board()
	s.Standings[0].ValAccuracy, s.Standings[0].Parameters = ptr(0.1234567890123456), 9007199254740993
	var out bytes.Buffer
	if err := Leaderboard(&out, s, CSV, Style{}); err != nil {
		t.Fatal(err)
	}
	fields := strings.Split(strings.Split(out.String(), "\n")[1], ",")
	for _, want := range []string{"0.1234567890123456", "9007199254740993"} {
		if !slices.Contains(fields, want) {
			t.Errorf("no %s in %v", want, fields)
		}
	}
}

// A list is written a value at a time, to the same bytes.
func TestJSONListProperty(t *testing.T) {
	type value struct {
		Text  string            `json:"text"`
		Map   map[string]string `json:"map,omitempty"`
		List  []int             `json:"list"`
		Maybe *float64          `json:"maybe"`
	}
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Make[value](), 0, 4).Draw(t, "list")
		var want, got bytes.Buffer
		if err := writeJSON(&want, append([]value{}, list...)); err != nil {
			t.Fatal(err)
		}
		if err := writeJSONList(&got, list); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Error(diff)
		}
	})
}
