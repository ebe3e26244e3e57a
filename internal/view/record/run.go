package record

import (
	"time"

	"runner/store"
)

// RunRecord is the JSON of a run.
type RunRecord struct {
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

func NewRunRecord(r store.Run) RunRecord {
	return RunRecord{
		ID: r.ID, Experiment: r.Experiment, Seed: r.Seed, Mode: r.Mode, Dataset: r.Dataset, InitFrom: r.InitFrom,
		Status: string(r.Status), Reason: r.Reason, PlannedEpochs: r.Epochs, EpochsDone: r.Logged,
		BestEpoch: r.BestEpoch, BestValAccuracy: r.BestValAccuracy,
		TestLoss: r.TestLoss, TestAccuracy: r.TestAccuracy,
		Parameters: r.Parameters, MultiplyAdds: r.MultiplyAdds,
		Seconds: r.Seconds, Commit: r.Commit, Dirty: r.Dirty,
		Started: moment(r.Started), Finished: moment(r.Finished),
	}
}
