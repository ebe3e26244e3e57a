package report

import (
	"fmt"
	"io"
	"time"

	"runner/store"
)

// Runs lists runs in the order given. now is the moment from which "3h ago" and
// the duration of a running run are counted.
func Runs(w io.Writer, runs []store.Run, now time.Time, format Format, style Style) error {
	switch format {
	case JSON, CSV:
		records := make([]runRecord, len(runs))
		for i, r := range runs {
			records[i] = newRunRecord(r)
		}
		if format == CSV {
			return writeCSV(w, records)
		}
		return writeJSON(w, records)
	case Markdown:
		return writeMarkdown(w, runColumns(now), runs)
	case Table:
		if len(runs) == 0 {
			_, err := io.WriteString(w, nothing)
			return err
		}
		return writeTable(w, runColumns(now), runs, style)
	}
	return unknownFormat(format)
}

func runColumns(now time.Time) []column[store.Run] {
	type row = store.Run
	return []column[row]{
		{head: "id", cell: func(r row) string { return r.ID }},
		{head: "experiment", least: 14, ends: true, cell: func(r row) string { return nameAndOrigin(r.Experiment, r.InitFrom) }},
		{head: "seed", right: true, drop: 2, cell: func(r row) string { return fmt.Sprint(r.Seed) }},
		{head: "mode", drop: 6, cell: func(r row) string { return r.Mode }},
		{head: "dataset", drop: 7, cell: func(r row) string { return r.Dataset }},
		{head: "epochs", right: true, drop: 3, cell: func(r row) string { return fmt.Sprintf("%d/%d", r.Logged, r.Epochs) }},
		{head: "val accuracy", short: "val acc", right: true, drop: 1, cell: func(r row) string { return percentOrNone(r.BestValAccuracy) }},
		{head: "started", drop: 4, cell: func(r row) string { return when(r.Started, now) }},
		{head: "duration", right: true, drop: 5, cell: func(r row) string { return took(r, now) }},
		{head: "status", least: 11, cell: statusAndWhy, ink: func(r row) ink { return statusInk(r.Status) }},
	}
}

// statusAndWhy is "failed: no space left on device".
func statusAndWhy(r store.Run) string {
	if r.Reason == "" {
		return string(r.Status)
	}
	return string(r.Status) + ": " + r.Reason
}

// took is how long a run took, or has been running.
func took(r store.Run, now time.Time) string {
	switch {
	case r.Started.IsZero():
		return none
	case !r.Finished.IsZero():
		return duration(r.Finished.Sub(r.Started))
	case r.Status == store.Running:
		return duration(now.Sub(r.Started))
	}
	return none // ended without a word, as after a power cut
}

// runRecord is a run as machines read it.
type runRecord struct {
	ID              string     `json:"id"`
	Experiment      string     `json:"experiment"`
	Seed            int64      `json:"seed"`
	Mode            string     `json:"mode"`
	Dataset         string     `json:"dataset"`
	InitFrom        string     `json:"init_from,omitempty"` // SHA-256 of the weights it started from
	Status          string     `json:"status"`
	Reason          string     `json:"reason"`
	PlannedEpochs   int        `json:"planned_epochs"`
	EpochsDone      int        `json:"epochs_done"`
	BestEpoch       *int       `json:"best_epoch"`
	BestValAccuracy *float64   `json:"best_val_accuracy"`
	TestLoss        *float64   `json:"test_loss"`
	TestAccuracy    *float64   `json:"test_accuracy"`
	Parameters      int64      `json:"parameters"`
	MultiplyAdds    int64      `json:"multiply_adds"`
	Seconds         float64    `json:"seconds"` // of training, all epochs
	Commit          string     `json:"commit"`
	Dirty           bool       `json:"dirty"`
	Started         *time.Time `json:"started"`
	Finished        *time.Time `json:"finished"`
}

func newRunRecord(r store.Run) runRecord {
	return runRecord{
		ID: r.ID, Experiment: r.Experiment, Seed: r.Seed, Mode: r.Mode, Dataset: r.Dataset, InitFrom: r.InitFrom,
		Status: string(r.Status), Reason: r.Reason, PlannedEpochs: r.Epochs, EpochsDone: r.Logged,
		BestEpoch: r.BestEpoch, BestValAccuracy: r.BestValAccuracy,
		TestLoss: r.TestLoss, TestAccuracy: r.TestAccuracy,
		Parameters: r.Parameters, MultiplyAdds: r.MultiplyAdds,
		Seconds: r.Seconds, Commit: r.Commit, Dirty: r.Dirty,
		Started: moment(r.Started), Finished: moment(r.Finished),
	}
}
