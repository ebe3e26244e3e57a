package term

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"runner/internal/standing"
	"runner/internal/view/record"
	"runner/internal/view/viewtest"
	"runner/internal/view/words"
	"runner/store"
)

// No line is wider than the terminal, whatever is in it.
func TestWidthProperty(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z]{1,30}(\[[a-z.]{1,30}=[0-9.]{1,8}\])?`),
		rapid.Just(viewtest.Hostile))
	rapid.Check(t, func(t *rapid.T) {
		style := Style{Width: rapid.IntRange(40, 200).Draw(t, "width"), Color: rapid.Bool().Draw(t, "color")}
		phrase := func() string { return text.Draw(t, "text") }
		count := func() int64 { return rapid.Int64Min(0).Draw(t, "count") }
		number := func() float64 { return rapid.Float64().Draw(t, "number") }
		fraction := func() float64 { return rapid.Float64Range(0, 1).Draw(t, "fraction") }

		rows := make([]standing.Standing, rapid.IntRange(0, 4).Draw(t, "rows"))
		list := make([]store.Run, len(rows))
		for i := range rows {
			rows[i] = standing.Standing{
				Ranking: standing.Ranking{Rank: i + 1},
				Subject: standing.Subject{Configuration: map[string]string{"batch_size": phrase()}, Experiment: phrase(),
					Mode: phrase(), Dataset: phrase()},
				Cost: standing.Cost{Parameters: count(), MultiplyAdds: count()},
				Accuracy: standing.Accuracy{Seeds: rapid.IntRange(0, 1000).Draw(t, "seeds"), ValAccuracy: new(fraction()),
					ValAccuracyStd: new(fraction()), ValAccuracyLow: new(fraction()), ValAccuracyHigh: new(fraction())},
				Time:      standing.Time{SecondsPerEpoch: new(number())},
				Curve:     []float64{number(), fraction()},
				BestEpoch: new(7),
				Status:    phrase(),
			}
			list[i] = store.Run{ID: "0123abcd", Experiment: phrase(), Seed: count(), Mode: phrase(), Dataset: phrase(),
				Status: store.Status(phrase()), Reason: phrase(),
				Description: phrase(), Config: phrase() + "\n" + phrase(),
				Environment: store.Environment{Processor: phrase(), Features: phrase(), Commit: phrase()},
				Results:     store.Results{BestValAccuracy: new(fraction())},
				Started:     viewtest.Now, Parameters: count()}
		}
		history := make([]store.Epoch, rapid.IntRange(0, 5).Draw(t, "epochs"))
		for i := range history {
			history[i] = store.Epoch{Epoch: i + 1, TrainLoss: number(), BatchLoss: number(), ValLoss: number(),
				ValAccuracy:  fraction(),
				LearningRate: number(), Seconds: number(), EvalSeconds: number(), WeightsHash: phrase()}
		}
		files := []record.Checked{
			{File: phrase(), Experiment: phrase(), Valid: true, Parameters: count(), MultiplyAdds: count(),
				Layers: []record.CheckLayer{
					{Kind: phrase(), Args: phrase(), Input: []int{32, 32, 3}, Output: []int{1 << 30, 1 << 20, 7}, Parameters: count(),
						MultiplyAdds: count()}}},
			{File: phrase(), Faults: []record.CheckFault{{Line: 3, Column: 5, Message: phrase()}, {Message: phrase()}}},
		}
		guesses := []store.Prediction{{Index: 12345678, Label: 1, Probabilities: []float64{fraction(), fraction(),
			math.NaN()}}}

		counts := rapid.IntRange(0, 99999)
		var answers []record.SplitAnswers
		if n := rapid.IntRange(0, 12).Draw(t, "classes"); n > 0 {
			answers = []record.SplitAnswers{{Split: store.Validation, Epoch: 1,
				Answers: viewtest.AnswersOf(rapid.SliceOfN(rapid.SliceOfN(counts, n, n), n, n).Draw(t, "confusion"))}}
		}

		differences := []store.Difference{{Field: phrase(), Recorded: phrase(), Now: phrase()}}
		replayed := record.Replayed{Run: "0123abcd", Experiment: phrase(), Recorded: 3, Environment: differences,
			Epochs: []store.ReplayedEpoch{{Epoch: 1, Now: &store.Epoch{ValAccuracy: fraction()}, Differences: differences}}}

		var out bytes.Buffer
		for _, write := range []func() error{
			func() error {
				return Leaderboard(&out, standing.Board{Standings: rows, Settings: []string{"batch_size"}}, words.Table, style)
			},
			func() error { return Runs(&out, list, viewtest.Now, words.Table, style) },
			func() error {
				return Show(&out, record.FullRun{Run: append(list, store.Run{})[0], Epochs: history,
					Classes: []string{phrase(), phrase()},
					Answers: answers, Looks: []store.TestUse{{Command: phrase()}}}, words.Table, style)
			},
			func() error { return Check(&out, files, words.Table, style) },
			func() error { return Replay(&out, replayed, words.Table, style) },
			func() error { return Predictions(&out, guesses, []string{phrase(), phrase()}, 3, words.Table, style) },
		} {
			if err := write(); err != nil {
				t.Fatal(err)
			}
		}
		for line := range strings.Lines(out.String()) {
			if line = strings.TrimSuffix(line, "\n"); words.Cells(line) > style.Width {
				t.Errorf("%d cells in a terminal of %d: %q", words.Cells(line), style.Width, line)
			}
		}
	})
}

func TestFitLeavesOutTheLeastImportantFirst(t *testing.T) {
	heads := func(width int) string {
		columns, left := fit(lay(boardColumns(viewtest.Board()), viewtest.Board().Standings), width)
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
		40: "rank experiment val accuracy | batch_size adam.learning_rate layers pareto memory curve multiply-adds best " +
			"epoch test looks s/epoch mode " +
			"more seeds status parameters seeds test accuracy",
	} {
		if got := heads(width); got != want {
			t.Errorf("width %d:\n got %s\nwant %s", width, got, want)
		}
	}
}
