package report

import (
	"fmt"
	"io"
	"strings"

	"runner/store"
)

// StartLine is the line printed when a run begins, without a line end.
func StartLine(run store.Run) string {
	return clean(fmt.Sprintf("%s  run %s  %s  seed %d  %s parameters  %s multiply-adds",
		run.Experiment, run.ID, run.Mode, run.Seed, human(run.Parameters), human(run.MultiplyAdds)))
}

// ResultLine is the line printed for a run that has ended, without a line end.
func ResultLine(run store.Run) string {
	parts := []string{run.Experiment, "run " + run.ID, run.Mode, fmt.Sprintf("seed %d", run.Seed)}
	if run.BestEpoch != nil {
		parts = append(parts, fmt.Sprintf("val accuracy %s (epoch %d)", percentOrNone(run.BestValAccuracy), *run.BestEpoch))
	}
	if run.TestAccuracy != nil {
		parts = append(parts, "test accuracy "+percentOrNone(run.TestAccuracy))
	}
	return clean(strings.Join(append(parts, string(run.Status)), "  "))
}

// Tested is the outcome of evaluating a checkpoint on the test split.
type Tested struct {
	Run          string  `json:"run"`
	Experiment   string  `json:"experiment"`
	Checkpoint   string  `json:"checkpoint"`
	Samples      int     `json:"samples"`
	TestLoss     float64 `json:"test_loss"`
	TestAccuracy float64 `json:"test_accuracy"`
	// Looks is how often the run was evaluated on examples of the test split, this time included.
	Looks int `json:"test_looks"`
}

// Test writes the outcome of a test. Formats: Table (one line), JSON.
func Test(w io.Writer, t Tested, format Format) error {
	switch format {
	case JSON:
		return writeJSON(w, t)
	case Table:
		line := fmt.Sprintf("%s  run %s  %s checkpoint  %d examples  test loss %s  test accuracy %s  look %d at the test split",
			t.Experiment, t.Run, t.Checkpoint, t.Samples, loss(t.TestLoss), percent(t.TestAccuracy), t.Looks)
		_, err := fmt.Fprintln(w, clean(line))
		return err
	}
	return unknownFormat(format)
}
