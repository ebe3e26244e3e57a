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
	s.Sweeps, s.Running = append([]record.SweepStatus{}, s.Sweeps...), append([]record.RunStatus{}, s.Running...)
	return write(w, format, style, s, func(p *page) { p.status(s) })
}

func (p *page) status(s record.Status) {
	for _, r := range s.Running {
		p.WriteString(ProgressLine(record.Progress{
			Name: record.NameAndSeed(r.Experiment, r.Seed), Epoch: r.EpochsDone, Epochs: r.Epochs,
			Loss: r.TrainLoss, ValAccuracy: r.ValAccuracy,
			Share: float64(r.EpochsDone) / float64(max(1, r.Epochs)), Left: timeLeft(r.SecondsLeft),
		}, p.style) + "\n")
	}
	for _, w := range s.Sweeps {
		if w.Alive {
			p.WriteString(SweepLine(record.SweepProgress{
				Runs: w.Runs, Over: w.Over, Running: w.Running, Failed: w.Failed,
				Share: w.Share, Left: timeLeft(w.SecondsLeft),
			}, p.style) + "\n")
		}
	}
	if p.Len() == 0 {
		p.WriteString("nothing is being trained\n")
	}
	for _, w := range s.Sweeps {
		if !w.Alive {
			p.say(plain, 4, fmt.Sprintf("a sweep was stopped with %d of %d runs over: repeat its command to resume it",
				w.Over, w.Runs))
		}
	}
	if s.Interrupted > 0 {
		p.say(plain, 4, fmt.Sprintf("%s: resume with: runner resume --all", words.Count(s.Interrupted, "interrupted run")))
	}
}

// timeLeft is a duration of seconds; negative if unknown.
func timeLeft(seconds *float64) time.Duration {
	if seconds == nil {
		return -1
	}
	return time.Duration(*seconds * float64(time.Second))
}
