package term

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"runner/internal/standing"
	"runner/internal/view/record"
	"runner/internal/view/viewtest"
	"runner/internal/view/words"
	"runner/store"
)

// Programs rely on these keys, and on lists that are never null.
func TestJSONContract(t *testing.T) {
	for _, c := range []struct {
		name  string
		write func(*bytes.Buffer) error
		keys  string // of the object, or of the first of the list
	}{
		{"leaderboard", func(w *bytes.Buffer) error { return Leaderboard(w, viewtest.Board(), words.JSON, Style{}) },
			"rank tied experiment mode dataset configuration parameters multiply_adds memory_bytes seeds val_accuracy " +
				"val_accuracy_std " +
				"val_accuracy_low val_accuracy_high interval more_seeds pareto best_epoch test_accuracy test_looks " +
				"seconds_per_epoch status"},
		{"show", func(w *bytes.Buffer) error { return Show(w, viewtest.FiniteShown(), words.JSON, Style{}) },
			"id experiment status seed mode config repeat epochs test_looks per_class confusion"},
		{"compare", func(w *bytes.Buffer) error { return Compare(w, viewtest.SideBySide(), words.JSON, Style{}) },
			"sides notes layers settings test accuracies answers classes curves"},
		{"replay", func(w *bytes.Buffer) error { return Replay(w, viewtest.Replayed(), words.JSON, Style{}) },
			"run experiment epochs_recorded epochs_compared equal first_difference environment epochs"},
		{"check", func(w *bytes.Buffer) error { return Check(w, viewtest.Checked(), words.JSON, Style{}) },
			"file valid faults parameters multiply_adds layers"},
		{"predictions", func(w *bytes.Buffer) error {
			return Predictions(w, viewtest.Predictions(), viewtest.Classes, 1, words.JSON, Style{})
		},
			"index label logits probabilities"},
		{"runs", func(w *bytes.Buffer) error { return Runs(w, viewtest.Runs(), viewtest.Now, words.JSON, Style{}) },
			"id experiment seed mode dataset status best_val_accuracy started finished"},
		{"started from weights", func(w *bytes.Buffer) error {
			return Runs(w, viewtest.Runs()[1:], viewtest.Now, words.JSON,
				Style{})
		}, "init_from"},
		{"datasets", func(w *bytes.Buffer) error { return Datasets(w, viewtest.Datasets(), words.JSON, Style{}) },
			"name description shape classes ready"},
		{"test", func(w *bytes.Buffer) error { return Test(w, viewtest.Tested(), words.JSON) },
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
		"leaderboard": func(w *bytes.Buffer) error { return Leaderboard(w, standing.Board{}, words.JSON, Style{}) },
		"runs":        func(w *bytes.Buffer) error { return Runs(w, nil, viewtest.Now, words.JSON, Style{}) },
		"datasets":    func(w *bytes.Buffer) error { return Datasets(w, nil, words.JSON, Style{}) },
		"check":       func(w *bytes.Buffer) error { return Check(w, nil, words.JSON, Style{}) },
		"predictions": func(w *bytes.Buffer) error { return Predictions(w, nil, nil, 3, words.JSON, Style{}) },
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil || out.String() != "[]\n" {
			t.Errorf("%s: %q, %v", name, out.String(), err)
		}
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"show": func(w *bytes.Buffer) error { return Show(w, record.FullRun{}, words.JSON, Style{}) },
		"check": func(w *bytes.Buffer) error {
			return Check(w, []record.Checked{{Layers: []record.CheckLayer{{}}}, {}}, words.JSON, Style{})
		},
		"predictions": func(w *bytes.Buffer) error {
			return Predictions(w, []store.Prediction{{}}, nil, 3, words.JSON, Style{})
		},
	} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"epochs", "per_class", "validation", "test", "layers", "faults", "input", "output",
			"logits", "probabilities"} {
			if strings.Contains(out.String(), `"`+key+`": null`) {
				t.Errorf("%s: %s is null", name, key)
			}
		}
	}
}

// What an empty table says names the command that fills it, and csv keeps its header.
func TestNothingForPeople(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer, words.Format) error{
		"leaderboard": func(w *bytes.Buffer, f words.Format) error {
			return Leaderboard(w, standing.Board{}, f, Style{Width: 40})
		},
		"runs": func(w *bytes.Buffer, f words.Format) error { return Runs(w, nil, viewtest.Now, f, Style{Width: 40}) },
	} {
		for f, want := range map[words.Format]string{words.Table: "runner sweep", words.CSV: "experiment,",
			words.Markdown: "| experiment"} {
			var out bytes.Buffer
			if err := write(&out, f); err != nil || !strings.Contains(out.String(), want) {
				t.Errorf("%s as %s: %q, %v", name, f, out.String(), err)
			}
		}
	}
	var out bytes.Buffer
	if err := Show(&out, record.FullRun{Run: viewtest.Runs()[1]}, words.Table, Style{}); err != nil ||
		!strings.Contains(out.String(), "No epoch") {
		t.Errorf("show: %q, %v", out.String(), err)
	}
}

// A form that an output does not have is an error, and writes nothing.
func TestUnknownFormat(t *testing.T) {
	var out bytes.Buffer
	for i, err := range []error{
		Leaderboard(&out, standing.Board{}, "xml", Style{}), Runs(&out, nil, viewtest.Now, "xml", Style{}),
		Show(&out, record.FullRun{}, words.CSV, Style{}),
		Check(&out, nil, words.Markdown, Style{}), Replay(&out, record.Replayed{}, words.CSV, Style{}),
		Predictions(&out, nil, nil, 1, words.CSV, Style{}),
		Datasets(&out, nil, words.CSV, Style{}), Test(&out, record.Tested{}, words.CSV),
		Compare(&out, viewtest.SideBySide(), words.CSV, Style{}),
	} {
		if err == nil || out.Len() > 0 {
			t.Errorf("case %d: error %v, wrote %q", i, err, out.String())
		}
	}
}

func TestCSVKeepsEveryDigit(t *testing.T) {
	s := viewtest.Board()
	s.Standings[0].ValAccuracy, s.Standings[0].Parameters = new(0.1234567890123456), 9007199254740993
	var out bytes.Buffer
	if err := Leaderboard(&out, s, words.CSV, Style{}); err != nil {
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
		if err := record.WriteJSON(&want, append([]value{}, list...)); err != nil {
			t.Fatal(err)
		}
		if err := record.WriteJSONList(&got, list); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Error(diff)
		}
	})
}
