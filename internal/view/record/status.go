package record

import (
	"time"
)

// Status is what is in progress in a store.
type Status struct {
	Sweeps      []SweepStatus `json:"sweeps"`
	Running     []RunStatus   `json:"running"`
	Interrupted int           `json:"interrupted"` // runs that can be resumed
}

// SweepStatus is a sweep in progress, or one that was stopped.
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

// RunStatus is a run in training, as of its latest epoch on record.
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
