package term

import (
	"fmt"
	"io"
	"time"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

// WriteStatus writes the sweeps and runs in progress, as the bars of a sweep's own terminal show them. Formats: Table
// (lines), JSON.
func WriteStatus(w io.Writer, s record.Status, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		s.Sweeps, s.Running = append([]record.SweepStatus{}, s.Sweeps...), append([]record.RunStatus{}, s.Running...)
		return record.WriteJSON(w, s)
	case words.Table:
		for _, line := range statusLines(s, style) {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		return nil
	}
	return words.UnknownFormat(format)
}

func statusLines(s record.Status, style Style) (all []string) {
	for _, r := range s.Running {
		all = append(all, ProgressLine(record.Progress{
			Name: fmt.Sprintf("%s seed %d", r.Experiment, r.Seed), Epoch: r.EpochsDone, Epochs: r.Epochs,
			Loss: r.TrainLoss, ValAccuracy: r.ValAccuracy,
			Share: float64(r.EpochsDone) / float64(max(1, r.Epochs)), Left: timeLeft(r.SecondsLeft),
		}, style))
	}
	for _, w := range s.Sweeps {
		if w.Alive {
			all = append(all, SweepLine(record.SweepProgress{
				Runs: w.Runs, Over: w.Over, Running: w.Running, Failed: w.Failed, Share: w.Share, Left: timeLeft(w.SecondsLeft),
			}, style))
		}
	}
	if len(all) == 0 {
		all = append(all, "nothing is being trained")
	}
	for _, w := range s.Sweeps {
		if !w.Alive {
			all = append(all, lines(fmt.Sprintf("a sweep was stopped with %d of %d runs over: repeat its command to resume it",
				w.Over, w.Runs), "", style)...)
		}
	}
	if s.Interrupted > 0 {
		all = append(all, lines(fmt.Sprintf("%d interrupted %s: resume with: runner resume --all",
			s.Interrupted, words.Plural(s.Interrupted, "run")), "", style)...)
	}
	return all
}

// timeLeft is a duration of seconds; negative if unknown.
func timeLeft(seconds *float64) time.Duration {
	if seconds == nil {
		return -1
	}
	return time.Duration(*seconds * float64(time.Second))
}
