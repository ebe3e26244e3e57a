package report

import (
	"bytes"
	"testing"
)

// The golden files show every output as a person or a program gets it; after a
// change on purpose, write them anew with -update and read the difference.
func TestGolden(t *testing.T) {
	for _, s := range styles {
		t.Run(s.name, func(t *testing.T) {
			golden(t, "leaderboard-"+s.name, func(w *bytes.Buffer) error { return Leaderboard(w, standings(), Table, s.style) })
			golden(t, "runs-"+s.name, func(w *bytes.Buffer) error { return Runs(w, runs(), now, Table, s.style) })
			golden(t, "show-"+s.name, func(w *bytes.Buffer) error { return Show(w, runs()[0], epochs(), Table, s.style) })
			golden(t, "check-"+s.name, func(w *bytes.Buffer) error { return Check(w, checked(), Table, s.style) })
			golden(t, "predictions-"+s.name, func(w *bytes.Buffer) error {
				return Predictions(w, predictions(), classes, 2, Table, s.style)
			})
		})
	}
	for _, f := range []Format{JSON, CSV, Markdown} {
		golden(t, "leaderboard-"+string(f), func(w *bytes.Buffer) error { return Leaderboard(w, standings(), f, Style{}) })
		golden(t, "runs-"+string(f), func(w *bytes.Buffer) error { return Runs(w, runs(), now, f, Style{}) })
	}
	golden(t, "show-json", func(w *bytes.Buffer) error { return Show(w, runs()[0], epochs()[:4], JSON, Style{}) })
	golden(t, "check-json", func(w *bytes.Buffer) error { return Check(w, checked(), JSON, Style{}) })
	golden(t, "predictions-json", func(w *bytes.Buffer) error { return Predictions(w, predictions(), classes, 2, JSON, Style{}) })
}
