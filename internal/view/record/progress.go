package record

import (
	"fmt"
	"time"
)

// Progress is a run in training.
type Progress struct {
	Name          string
	Epoch, Epochs int           // in progress, counted from 1, and planned
	Loss          *float64      // the latest; nil before the first
	ValAccuracy   *float64      // of the latest epoch, 0..1; nil before the first
	Share         float64       // of the training that is done, 0..1
	Left          time.Duration // negative if unknown
}

// SweepProgress is a sweep in progress: its runs, and how many of them are over, in training, and over without having
// finished.
type SweepProgress struct {
	Runs, Over, Running, Failed int
	Share                       float64
	Left                        time.Duration // negative if unknown
}

// NameAndSeed names a run where its mode is known.
func NameAndSeed(experiment string, seed int64) string {
	return fmt.Sprintf("%s seed %d", experiment, seed)
}
