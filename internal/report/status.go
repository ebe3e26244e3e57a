package report

import (
	"fmt"
	"io"
	"time"
)

// Status is what is under way in a store.
type Status struct {
	Sweeps      []SweepStatus `json:"sweeps"`
	Running     []RunStatus   `json:"running"`
	Interrupted int           `json:"interrupted"` // runs that can be gone on with
}

// SweepStatus is a sweep that is under way, or was left undone.
type SweepStatus struct {
	Started     time.Time `json:"started"`
	Host        string    `json:"host"`
	Process     int       `json:"process"`
	Alive       bool      `json:"alive"`
	Runs        int       `json:"runs"`
	Over        int       `json:"over"`
	Running     int       `json:"running"`
	Failed      int       `json:"failed"` // of those that are over
	Share       float64   `json:"share"`  // of the work that is done, 0..1
	SecondsLeft *float64  `json:"seconds_left"`
}

// RunStatus is a run that is being trained, as of its latest epoch on record.
type RunStatus struct {
	Run             string   `json:"run"`
	Experiment      string   `json:"experiment"`
	Seed            int64    `json:"seed"`
	Mode            string   `json:"mode"`
	EpochsDone      int      `json:"epochs_done"`
	Epochs          int      `json:"epochs"`
	TrainLoss       *float64 `json:"train_loss"`
	ValAccuracy     *float64 `json:"val_accuracy"`
	BestValAccuracy *float64 `json:"best_val_accuracy"`
	SecondsLeft     *float64 `json:"seconds_left"`
	Host            string   `json:"host"`
	Process         int      `json:"process"`
}

// WriteStatus writes what is under way, as the bars of the sweep's own terminal
// show it. Formats: Table (lines), JSON.
func WriteStatus(w io.Writer, s Status, format Format, style Style) error {
	switch format {
	case JSON:
		s.Sweeps, s.Running = append([]SweepStatus{}, s.Sweeps...), append([]RunStatus{}, s.Running...)
		return writeJSON(w, s)
	case Table:
		for _, line := range statusLines(s, style) {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		return nil
	}
	return unknownFormat(format)
}

func statusLines(s Status, style Style) (all []string) {
	for _, r := range s.Running {
		all = append(all, ProgressLine(Progress{
			Name: fmt.Sprintf("%s seed %d", r.Experiment, r.Seed), Epoch: r.EpochsDone, Epochs: r.Epochs,
			Loss: r.TrainLoss, ValAccuracy: r.ValAccuracy,
			Share: float64(r.EpochsDone) / float64(max(1, r.Epochs)), Left: timeLeft(r.SecondsLeft),
		}, style))
	}
	for _, w := range s.Sweeps {
		if w.Alive {
			all = append(all, SweepLine(SweepProgress{
				Runs: w.Runs, Over: w.Over, Running: w.Running, Failed: w.Failed, Share: w.Share, Left: timeLeft(w.SecondsLeft),
			}, style))
		}
	}
	if len(all) == 0 {
		all = append(all, "nothing is being trained")
	}
	for _, w := range s.Sweeps {
		if !w.Alive {
			all = append(all, lines(fmt.Sprintf("a sweep was stopped with %d of %d runs over: go on by giving its command again",
				w.Over, w.Runs), "", style)...)
		}
	}
	if s.Interrupted > 0 {
		all = append(all, lines(fmt.Sprintf("%d interrupted %s: go on with: runner resume --all",
			s.Interrupted, plural(s.Interrupted, "run")), "", style)...)
	}
	return all
}

// timeLeft is a number of seconds, negative where it is unknown.
func timeLeft(seconds *float64) time.Duration {
	if seconds == nil {
		return -1
	}
	return time.Duration(*seconds * float64(time.Second))
}
