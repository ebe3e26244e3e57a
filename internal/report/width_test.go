package report

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"runner/internal/standing"
	"runner/store"
)

// No line is wider than the terminal, whatever is in it.
func TestWidthProperty(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z]{1,30}(\[[a-z.]{1,30}=[0-9.]{1,8}\])?`), rapid.Just(hostile))
	rapid.Check(t, func(t *rapid.T) {
		style := Style{Width: rapid.IntRange(40, 200).Draw(t, "width"), Color: rapid.Bool().Draw(t, "color")}
		words := func() string { return text.Draw(t, "text") }
		count := func() int64 { return rapid.Int64Min(0).Draw(t, "count") }
		number := func() float64 { return rapid.Float64().Draw(t, "number") }
		fraction := func() float64 { return rapid.Float64Range(0, 1).Draw(t, "fraction") }

		rows := make([]standing.Standing, rapid.IntRange(0, 4).Draw(t, "rows"))
		list := make([]store.Run, len(rows))
		for i := range rows {
			rows[i] = standing.Standing{Rank: i + 1, Configuration: map[string]string{"batch_size": words()}, Experiment: words(), Mode: words(), Dataset: words(), Parameters: count(), MultiplyAdds: count(),
				Seeds: rapid.IntRange(0, 1000).Draw(t, "seeds"), ValAccuracy: ptr(fraction()), ValAccuracyStd: ptr(fraction()),
				ValAccuracyLow: ptr(fraction()), ValAccuracyHigh: ptr(fraction()), Curve: []float64{number(), fraction()}, BestEpoch: ptr(7), SecondsPerEpoch: ptr(number()), Status: words()}
			list[i] = store.Run{ID: "0123abcd", Experiment: words(), Seed: count(), Mode: words(), Dataset: words(), Status: store.Status(words()), Reason: words(),
				Description: words(), Config: words() + "\n" + words(), Processor: words(), Features: words(), Commit: words(), BestValAccuracy: ptr(fraction()),
				Started: now, Parameters: count()}
		}
		history := make([]store.Epoch, rapid.IntRange(0, 5).Draw(t, "epochs"))
		for i := range history {
			history[i] = store.Epoch{Epoch: i + 1, TrainLoss: number(), BatchLoss: number(), ValLoss: number(), ValAccuracy: fraction(),
				LearningRate: number(), Seconds: number(), EvalSeconds: number(), WeightsHash: words()}
		}
		files := []Checked{
			{File: words(), Experiment: words(), Valid: true, Parameters: count(), MultiplyAdds: count(), Layers: []CheckLayer{
				{Kind: words(), Args: words(), Input: []int{32, 32, 3}, Output: []int{1 << 30, 1 << 20, 7}, Parameters: count(), MultiplyAdds: count()}}},
			{File: words(), Faults: []CheckFault{{Line: 3, Column: 5, Message: words()}, {Message: words()}}},
		}
		guesses := []Prediction{{Index: 12345678, Label: 1, Probabilities: []float64{fraction(), fraction(), math.NaN()}}}

		counts := rapid.IntRange(0, 99999)
		var answers []SplitAnswers
		if n := rapid.IntRange(0, 12).Draw(t, "classes"); n > 0 {
			answers = []SplitAnswers{{store.Validation, 1, answersOf(rapid.SliceOfN(rapid.SliceOfN(counts, n, n), n, n).Draw(t, "confusion"))}}
		}

		differences := []Difference{{words(), words(), words()}}
		replayed := Replayed{Run: "0123abcd", Experiment: words(), Recorded: 3, Environment: differences,
			Epochs: []ReplayedEpoch{{Epoch: 1, Now: &store.Epoch{ValAccuracy: fraction()}, Differences: differences}}}

		var out bytes.Buffer
		for _, write := range []func() error{
			func() error {
				return Leaderboard(&out, standing.Board{Standings: rows, Settings: []string{"batch_size"}}, Table, style)
			},
			func() error { return Runs(&out, list, now, Table, style) },
			func() error {
				return Show(&out, FullRun{Run: append(list, store.Run{})[0], Epochs: history, Classes: []string{words(), words()},
					Answers: answers, Looks: []store.Look{{Command: words()}}}, Table, style)
			},
			func() error { return Check(&out, files, Table, style) },
			func() error { return Replay(&out, replayed, Table, style) },
			func() error { return Predictions(&out, guesses, []string{words(), words()}, 3, Table, style) },
		} {
			if err := write(); err != nil {
				t.Fatal(err)
			}
		}
		for line := range strings.Lines(out.String()) {
			if line = strings.TrimSuffix(line, "\n"); cells(line) > style.Width {
				t.Errorf("%d cells in a terminal of %d: %q", cells(line), style.Width, line)
			}
		}
	})
}

func TestFitLeavesOutTheLeastImportantFirst(t *testing.T) {
	heads := func(width int) string {
		columns, left := fit(lay(boardColumns(board()), board().Standings), width)
		var words []string
		for _, c := range columns {
			words = append(words, c.name)
		}
		return strings.Join(words, " ") + " | " + strings.Join(left, " ")
	}
	for width, want := range map[int]string{
		0: "rank experiment mode parameters multiply-adds memory seeds val accuracy more seeds pareto curve " +
			"best epoch test accuracy test looks s/epoch status layers adam.learning_rate batch_size | ",
		80: "rank experiment parameters seeds val accuracy more seeds test accuracy status | " +
			"batch_size adam.learning_rate layers pareto memory curve multiply-adds best epoch test looks s/epoch mode",
		40: "rank experiment val accuracy | batch_size adam.learning_rate layers pareto memory curve multiply-adds best epoch test looks s/epoch mode " +
			"more seeds status parameters seeds test accuracy",
	} {
		if got := heads(width); got != want {
			t.Errorf("width %d:\n got %s\nwant %s", width, got, want)
		}
	}
}
