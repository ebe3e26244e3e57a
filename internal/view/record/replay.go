package record

import "runner/store"

// Replayed is a recorded run that was trained again, whole or in its first epochs.
type Replayed struct {
	Run, Experiment string
	Recorded        int                   // epochs that there are to compare
	Epochs          []store.ReplayedEpoch // that were, one at least
	Environment     []store.Difference    // never nil
}

// verdict is the JSON of a replay; without the epochs if it stopped at the first difference.
type verdict struct {
	Run             string                `json:"run"`
	Experiment      string                `json:"experiment"`
	EpochsRecorded  int                   `json:"epochs_recorded"`
	EpochsCompared  int                   `json:"epochs_compared"`
	Equal           bool                  `json:"equal"`
	FirstDifference *EpochDifference      `json:"first_difference"`
	Environment     []store.Difference    `json:"environment"`
	Epochs          []store.ReplayedEpoch `json:"epochs,omitempty"`
}

type EpochDifference struct {
	Epoch  int                `json:"epoch"`
	Fields []store.Difference `json:"fields"`
}

func NewVerdict(r Replayed) verdict {
	v := verdict{
		Run: r.Run, Experiment: r.Experiment, EpochsRecorded: r.Recorded, EpochsCompared: len(r.Epochs),
		Equal: true, Environment: r.Environment,
	}
	for _, e := range r.Epochs {
		if len(e.Differences) > 0 {
			v.Equal, v.FirstDifference = false, &EpochDifference{e.Epoch, e.Differences}
			break
		}
	}
	return v
}
