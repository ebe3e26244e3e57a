package store

// Difference is something that is otherwise now than it is on record; Field is a
// key of an epoch's or a run's JSON. Numbers have all their digits.
type Difference struct {
	Field    string `json:"field"`
	Recorded string `json:"recorded"`
	Now      string `json:"now"`
}

// ReplayedEpoch is an epoch of a recorded run beside its training again.
type ReplayedEpoch struct {
	Epoch       int          `json:"epoch"`
	Recorded    *Epoch       `json:"recorded"` // nil where the loss diverged
	Now         *Epoch       `json:"now"`      // likewise
	Differences []Difference `json:"differences"`
}
