package term

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"runner/internal/view/record"
	"runner/internal/view/viewtest"
	"runner/internal/view/words"
	"runner/store"
)

// Whatever names and reasons hold, nothing reaches a terminal that it would obey.
func TestHostileText(t *testing.T) {
	s, r, c, p := viewtest.Board(), viewtest.Runs(), viewtest.Checked(), viewtest.Predictions()
	for i := range s.Standings {
		row := &s.Standings[i]
		row.Experiment, row.Mode, row.Dataset, row.Status = viewtest.Hostile, viewtest.Hostile, viewtest.Hostile,
			viewtest.Hostile
		row.Configuration = map[string]string{"batch_size": viewtest.Hostile}
	}
	s.Tests[0].Dataset = viewtest.Hostile
	for i := range r {
		r[i].Experiment, r[i].Description, r[i].Reason, r[i].Config = viewtest.Hostile, viewtest.Hostile, viewtest.Hostile,
			viewtest.Hostile
		r[i].Processor, r[i].Features, r[i].Commit, r[i].Mode, r[i].Dataset = viewtest.Hostile, viewtest.Hostile,
			viewtest.Hostile, viewtest.Hostile, viewtest.Hostile
		r[i].ID, r[i].InitFrom, r[i].Status = viewtest.Hostile, viewtest.Hostile, viewtest.Hostile
	}
	e := viewtest.Epochs()
	for i := range e {
		e[i].WeightsHash = viewtest.Hostile
	}
	for i := range c {
		c[i].File, c[i].Experiment = viewtest.Hostile, viewtest.Hostile
		for j := range c[i].Faults {
			c[i].Faults[j].File, c[i].Faults[j].Message = viewtest.Hostile, viewtest.Hostile
		}
		for j := range c[i].Layers {
			c[i].Layers[j].Kind, c[i].Layers[j].Args = viewtest.Hostile, viewtest.Hostile
		}
	}
	whole := viewtest.Shown()
	whole.Run, whole.Epochs, whole.Classes, whole.Looks = r[0], e, []string{viewtest.Hostile, viewtest.Hostile},
		[]store.TestUse{{Command: viewtest.Hostile}}
	for name, write := range map[string]func(*bytes.Buffer, Style) error{
		"leaderboard": func(w *bytes.Buffer, style Style) error { return Leaderboard(w, s, words.Table, style) },
		"markdown":    func(w *bytes.Buffer, style Style) error { return Leaderboard(w, s, words.Markdown, style) },
		"runs":        func(w *bytes.Buffer, style Style) error { return Runs(w, r, viewtest.Now, words.Table, style) },
		"show":        func(w *bytes.Buffer, style Style) error { return Show(w, whole, words.Table, style) },
		"start":       func(w *bytes.Buffer, _ Style) error { _, err := fmt.Fprintln(w, StartLine(r[0])); return err },
		"result":      func(w *bytes.Buffer, _ Style) error { _, err := fmt.Fprintln(w, ResultLine(r[0])); return err },
		"test": func(w *bytes.Buffer, _ Style) error {
			return Test(w, record.Tested{Run: viewtest.Hostile, Experiment: viewtest.Hostile, Checkpoint: viewtest.Hostile},
				words.Table)
		},
		"datasets": func(w *bytes.Buffer, style Style) error {
			return Datasets(w, []record.Dataset{{Name: viewtest.Hostile, Description: viewtest.Hostile}}, words.Table, style)
		},
		"check": func(w *bytes.Buffer, style Style) error { return Check(w, c, words.Table, style) },
		"predictions": func(w *bytes.Buffer, style Style) error {
			return Predictions(w, p, []string{viewtest.Hostile, viewtest.Hostile, viewtest.Hostile}, 3, words.Table, style)
		},
	} {
		for _, style := range []Style{{}, {Width: 50}} {
			var out bytes.Buffer
			if err := write(&out, style); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for line := range strings.Lines(out.String()) {
				if line = strings.TrimSuffix(line, "\n"); words.Clean(line) != line {
					t.Errorf("%s: %q", name, line)
				}
			}
		}
	}
}
