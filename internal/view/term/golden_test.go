package term

import (
	"bytes"
	"fmt"
	"testing"

	"runner/internal/standing"
	"runner/internal/view/record"
	"runner/internal/view/viewtest"
	"runner/internal/view/words"
)

// The golden files show every output as a person or a program gets it; after a
// change on purpose, write them anew with -update and read the difference.
func TestGolden(t *testing.T) {
	for _, s := range styles {
		t.Run(s.name, func(t *testing.T) {
			viewtest.Golden(t, "leaderboard-"+s.name, func(w *bytes.Buffer) error {
				return Leaderboard(w, viewtest.Board(),
					words.Table, s.style)
			})
			viewtest.Golden(t, "proxy-"+s.name, func(w *bytes.Buffer) error {
				return Proxy(w, viewtest.Proxy(), words.Table,
					s.style)
			})
			viewtest.Golden(t, "runs-"+s.name, func(w *bytes.Buffer) error {
				return Runs(w, viewtest.Runs(), viewtest.Now,
					words.Table, s.style)
			})
			viewtest.Golden(t, "show-"+s.name, func(w *bytes.Buffer) error {
				return Show(w, viewtest.Shown(), words.Table,
					s.style)
			})
			viewtest.Golden(t, "check-"+s.name, func(w *bytes.Buffer) error {
				return Check(w, viewtest.Checked(), words.Table,
					s.style)
			})
			viewtest.Golden(t, "predictions-"+s.name, func(w *bytes.Buffer) error {
				return Predictions(w, viewtest.Predictions(), viewtest.Classes, 2, words.Table, s.style)
			})
			viewtest.Golden(t, "replay-"+s.name, func(w *bytes.Buffer) error {
				return Replay(w, viewtest.Replayed(),
					words.Table, s.style)
			})
			viewtest.Golden(t, "datasets-"+s.name, func(w *bytes.Buffer) error {
				return Datasets(w, viewtest.Datasets(),
					words.Table, s.style)
			})
		})
	}
	for _, f := range []words.Format{words.JSON, words.CSV, words.Markdown} {
		viewtest.Golden(t, "leaderboard-"+string(f), func(w *bytes.Buffer) error {
			return Leaderboard(w, viewtest.Board(),
				f, Style{})
		})
		viewtest.Golden(t, "proxy-"+string(f), func(w *bytes.Buffer) error { return Proxy(w, viewtest.Proxy(), f, Style{}) })
		viewtest.Golden(t, "runs-"+string(f), func(w *bytes.Buffer) error {
			return Runs(w, viewtest.Runs(), viewtest.Now, f,
				Style{})
		})
	}
	viewtest.Golden(t, "show-from-weights", func(w *bytes.Buffer) error {
		return Show(w, record.FullRun{Run: viewtest.Runs()[1]}, words.Table, Style{})
	})
	viewtest.Golden(t, "show-crash", func(w *bytes.Buffer) error {
		return Show(w, record.FullRun{Run: viewtest.Runs()[2]}, words.Table, Style{})
	})
	viewtest.Golden(t, "leaderboard-datasets", func(w *bytes.Buffer) error {
		return Leaderboard(w, viewtest.BoardOfTwoDatasets(), words.Table, Style{Width: 50})
	})
	viewtest.Golden(t, "leaderboard-columns", func(w *bytes.Buffer) error {
		return Leaderboard(w, viewtest.BoardOfChosenColumns(), words.Table, Style{Width: 100})
	})
	viewtest.Golden(t, "leaderboard-none", func(w *bytes.Buffer) error {
		return Leaderboard(w,
			standing.Board{Filtered: 7}, words.Table, Style{})
	})
	viewtest.Golden(t, "datasets-json", func(w *bytes.Buffer) error {
		return Datasets(w, viewtest.Datasets(), words.JSON,
			Style{})
	})
	viewtest.Golden(t, "test-line", func(w *bytes.Buffer) error { return Test(w, viewtest.Tested(), words.Table) })
	viewtest.Golden(t, "test-json", func(w *bytes.Buffer) error { return Test(w, viewtest.Tested(), words.JSON) })
	viewtest.Golden(t, "start-and-result", func(w *bytes.Buffer) error {
		for _, r := range viewtest.Runs() {
			fmt.Fprintln(w, StartLine(r))
			fmt.Fprintln(w, ResultLine(r))
		}
		return nil
	})
	viewtest.Golden(t, "replay-verdicts", func(w *bytes.Buffer) error {
		one := viewtest.Equal(1)
		one.Recorded = 1
		for _, r := range []record.Replayed{viewtest.SameEnvironment(), viewtest.Equal(1), viewtest.Equal(2), one} {
			if err := Verdict(w, r, words.Table, Style{}); err != nil {
				return err
			}
		}
		for _, e := range viewtest.Replayed().Epochs {
			fmt.Fprintln(w, ReplayLine(e, 10))
		}
		return nil
	})
	viewtest.Golden(t, "replay-json", func(w *bytes.Buffer) error {
		return Replay(w, viewtest.Replayed(), words.JSON,
			Style{})
	})
	viewtest.Golden(t, "verdict-json", func(w *bytes.Buffer) error {
		return Verdict(w, viewtest.Equal(2), words.JSON,
			Style{})
	})
	viewtest.Golden(t, "show-json", func(w *bytes.Buffer) error {
		return Show(w, viewtest.FiniteShown(), words.JSON,
			Style{})
	})
	viewtest.Golden(t, "check-json", func(w *bytes.Buffer) error {
		return Check(w, viewtest.Checked(), words.JSON,
			Style{})
	})
	viewtest.Golden(t, "predictions-json", func(w *bytes.Buffer) error {
		return Predictions(w, viewtest.Predictions(), viewtest.Classes, 2, words.JSON, Style{})
	})
}
