package record

import (
	"slices"

	"runner/internal/standing"
	"runner/store"
)

// BestRun returns the run of a row with the best validation accuracy, the first of equal ones, or the row's first run
// if no run has an epoch. It returns false if that run is not among runs.
func BestRun(row standing.Standing, runs []FullRun) (FullRun, bool) {
	if len(row.Runs) == 0 {
		return FullRun{}, false
	}
	best := row.Runs[0]
	for _, r := range row.Runs {
		if r.Logged > 0 && (best.Logged == 0 || r.BestValAccuracy > best.BestValAccuracy) {
			best = r
		}
	}
	i := slices.IndexFunc(runs, func(r FullRun) bool { return r.ID == best.ID })
	if i < 0 {
		return FullRun{}, false
	}
	return runs[i], true
}

// runEpoch is an epoch of one run among many.
type runEpoch struct {
	Run        string `json:"run"`
	Experiment string `json:"experiment"`
	Seed       int64  `json:"seed"`
	Mode       string `json:"mode"`
	Dataset    string `json:"dataset"`
	Group      string `json:"group"`
	epoch
}

// RunEpochs are the epochs of all runs, in the order of the runs.
func RunEpochs(runs []FullRun) []runEpoch {
	var epochs []runEpoch
	for _, r := range runs {
		for _, e := range r.Epochs {
			epochs = append(epochs, runEpoch{r.ID, r.Experiment, r.Seed, r.Mode, r.Dataset, r.Group, e})
		}
	}
	return epochs
}

// epoch is embedded under this name, as Epoch would hide the field Epoch.
type epoch = store.Epoch

// allRecord is the JSON of a board with its runs. Rows and runs of an experiment share their group.
type allRecord struct {
	Leaderboard []rowRecord  `json:"leaderboard"`
	Tests       []testRecord `json:"tests"`
	Runs        []fullRecord `json:"runs"`
}

type rowRecord struct {
	Group string `json:"group"`
	standing.Standing
}

// testRecord is the JSON of how the rows of a dataset were compared.
type testRecord struct {
	standing.Test
	Text string `json:"text"`
}

func NewAllRecord(b standing.Board, runs []FullRun) allRecord {
	all := allRecord{[]rowRecord{}, []testRecord{}, []fullRecord{}}
	for _, row := range b.Standings {
		all.Leaderboard = append(all.Leaderboard, rowRecord{row.Group, row})
	}
	for _, t := range b.Tests {
		all.Tests = append(all.Tests, testRecord{t, t.String()})
	}
	for _, r := range runs {
		all.Runs = append(all.Runs, NewFullRecord(r))
	}
	return all
}

// fullRecord is the JSON of a FullRun.
type fullRecord struct {
	showRecord
	Memory  *int64          `json:"memory_bytes"` // that training takes, estimated; null of older versions
	Classes []string        `json:"classes"`
	Answers []answersRecord `json:"answers"`
	Looks   []store.TestUse `json:"looks"`
}

type answersRecord struct {
	Split    string  `json:"split"`
	Epoch    int     `json:"epoch"`
	Examples int     `json:"examples"`
	Accuracy float64 `json:"accuracy"`
	// Confusion counts the examples of each label (row) that were taken for each class (column).
	Confusion [][]int `json:"confusion"`
	Correct   []byte  `json:"correct"` // a bit an example, the lowest bit first, in base64
}

func NewFullRecord(r FullRun) fullRecord {
	record := fullRecord{showRecord: NewShowRecord(r), Classes: append([]string{}, r.Classes...),
		Answers: []answersRecord{}, Looks: append([]store.TestUse{}, r.Looks...)}
	if r.Memory > 0 {
		record.Memory = &r.Memory
	}
	for _, a := range r.Answers {
		record.Answers = append(record.Answers, answersRecord{a.Split, a.Epoch, a.Examples, a.Accuracy(), a.Confusion,
			a.Correct})
	}
	return record
}
