package term

import (
	"fmt"
	"io"
	"strings"

	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// StartLine is the line printed when a run begins, without a line end.
func StartLine(run store.Run) string {
	return words.Clean(fmt.Sprintf("%s  run %s  %s  seed %d  %s parameters  %s multiply-adds",
		run.Experiment, run.ID, run.Mode, run.Seed, words.Human(run.Parameters), words.Human(run.MultiplyAdds)))
}

// ResultLine is the line printed for a run that is over, without a line end.
func ResultLine(run store.Run) string {
	parts := []string{run.Experiment, "run " + run.ID, run.Mode, fmt.Sprintf("seed %d", run.Seed)}
	if run.BestEpoch != nil {
		parts = append(parts, fmt.Sprintf("val accuracy %s (epoch %d)", words.PercentOrNone(run.BestValAccuracy),
			*run.BestEpoch))
	}
	if run.TestAccuracy != nil {
		parts = append(parts, "test accuracy "+words.PercentOrNone(run.TestAccuracy))
	}
	return words.Clean(strings.Join(append(parts, string(run.Status)), "  "))
}

// Test writes the outcome of a test. Formats: Table (one line), JSON.
func Test(w io.Writer, t record.Tested, format words.Format) error {
	line := fmt.Sprintf("%s  run %s  %s checkpoint  %d examples  test loss %s  test accuracy %s  "+
		"look %d at the test split",
		t.Experiment, t.Run, t.Checkpoint, t.Samples, words.Loss(t.TestLoss), words.Percent(t.TestAccuracy), t.Looks)
	return write(w, format, Style{}, t, func(p *page) { p.say(plain, 0, line) })
}
