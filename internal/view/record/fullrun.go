package record

import (
	"slices"

	"runner/store"
)

// FullRun is a run with everything that the store keeps of it.
type FullRun struct {
	store.Run
	Store, Data string // the folders of its store and of its dataset; "": the default
	Epochs      []store.Epoch
	Classes     []string        // names, by label
	Answers     []SplitAnswers  // of the best epoch, on the splits that have them on record
	Looks       []store.TestUse // at the test split
}

// SplitAnswers is the answers of the network on a split, as it was after an epoch.
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
