package report

import (
	"bytes"
	"fmt"
	"testing"

	"runner/internal/standing"
)

// The golden files show every output as a person or a program gets it; after a
// change on purpose, write them anew with -update and read the difference.
func TestGolden(t *testing.T) {
	for _, s := range styles {
		t.Run(s.name, func(t *testing.T) {
			golden(t, "leaderboard-"+s.name, func(w *bytes.Buffer) error { return Leaderboard(w, board(), Table, s.style) })
			golden(t, "proxy-"+s.name, func(w *bytes.Buffer) error { return Proxy(w, proxy(), Table, s.style) })
			golden(t, "runs-"+s.name, func(w *bytes.Buffer) error { return Runs(w, runs(), now, Table, s.style) })
			golden(t, "show-"+s.name, func(w *bytes.Buffer) error { return Show(w, shown(), Table, s.style) })
			golden(t, "check-"+s.name, func(w *bytes.Buffer) error { return Check(w, checked(), Table, s.style) })
			golden(t, "predictions-"+s.name, func(w *bytes.Buffer) error {
				return Predictions(w, predictions(), classes, 2, Table, s.style)
			})
			golden(t, "replay-"+s.name, func(w *bytes.Buffer) error { return Replay(w, replayed(), Table, s.style) })
			golden(t, "datasets-"+s.name, func(w *bytes.Buffer) error { return Datasets(w, datasets(), Table, s.style) })
		})
	}
	for _, f := range []Format{JSON, CSV, Markdown} {
		golden(t, "leaderboard-"+string(f), func(w *bytes.Buffer) error { return Leaderboard(w, board(), f, Style{}) })
		golden(t, "proxy-"+string(f), func(w *bytes.Buffer) error { return Proxy(w, proxy(), f, Style{}) })
		golden(t, "runs-"+string(f), func(w *bytes.Buffer) error { return Runs(w, runs(), now, f, Style{}) })
	}
	golden(t, "show-from-weights", func(w *bytes.Buffer) error { return Show(w, FullRun{Run: runs()[1]}, Table, Style{}) })
	golden(t, "show-crash", func(w *bytes.Buffer) error { return Show(w, FullRun{Run: runs()[2]}, Table, Style{}) })
	golden(t, "leaderboard-datasets", func(w *bytes.Buffer) error {
		return Leaderboard(w, boardOfTwoDatasets(), Table, Style{Width: 50})
	})
	golden(t, "leaderboard-columns", func(w *bytes.Buffer) error {
		return Leaderboard(w, boardOfChosenColumns(), Table, Style{Width: 100})
	})
	golden(t, "leaderboard-none", func(w *bytes.Buffer) error { return Leaderboard(w, standing.Board{Filtered: 7}, Table, Style{}) })
	golden(t, "datasets-json", func(w *bytes.Buffer) error { return Datasets(w, datasets(), JSON, Style{}) })
	golden(t, "test-line", func(w *bytes.Buffer) error { return Test(w, tested(), Table) })
	golden(t, "test-json", func(w *bytes.Buffer) error { return Test(w, tested(), JSON) })
	golden(t, "start-and-result", func(w *bytes.Buffer) error {
		for _, r := range runs() {
			fmt.Fprintln(w, StartLine(r))
			fmt.Fprintln(w, ResultLine(r))
		}
		return nil
	})
	golden(t, "replay-verdicts", func(w *bytes.Buffer) error {
		one := equal(1)
		one.Recorded = 1
		for _, r := range []Replayed{sameEnvironment(), equal(1), equal(2), one} {
			if err := Verdict(w, r, Table, Style{}); err != nil {
				return err
			}
		}
		for _, e := range replayed().Epochs {
			fmt.Fprintln(w, ReplayLine(e, 10))
		}
		return nil
	})
	golden(t, "replay-json", func(w *bytes.Buffer) error { return Replay(w, replayed(), JSON, Style{}) })
	golden(t, "verdict-json", func(w *bytes.Buffer) error { return Verdict(w, equal(2), JSON, Style{}) })
	golden(t, "show-json", func(w *bytes.Buffer) error { return Show(w, finiteShown(), JSON, Style{}) })
	golden(t, "check-json", func(w *bytes.Buffer) error { return Check(w, checked(), JSON, Style{}) })
	golden(t, "predictions-json", func(w *bytes.Buffer) error { return Predictions(w, predictions(), classes, 2, JSON, Style{}) })
}
