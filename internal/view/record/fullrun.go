package record

import (
	"slices"

	"runner/store"
)

// FullRun is a run with all that is kept of it.
type FullRun struct {
	store.Run
	Store, Data string // the folders of its store and of its dataset, "" where they are the usual ones
	Epochs      []store.Epoch
	Classes     []string        // names, by label
	Answers     []SplitAnswers  // of the best epoch, to the splits of which they are on record
	Looks       []store.TestUse // at the test split
}

// SplitAnswers is what the network said of the examples of a split, as it was after an epoch.
type SplitAnswers struct {
	Split string // store.Validation or store.Test
	Epoch int
	store.Answers
}

// Confusion is the confusion matrix of a split: a row a label, a column a prediction; [] if it is not on record.
func (r FullRun) Confusion(split string) [][]int {
	i := slices.IndexFunc(r.Answers, func(a SplitAnswers) bool { return a.Split == split })
	if i < 0 {
		return [][]int{}
	}
	return r.Answers[i].Confusion
}
