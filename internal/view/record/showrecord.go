package record

import (
	"runner/store"
)

// showRecord is the JSON of a run with its epochs.
type showRecord struct {
	RunRecord
	Description string          `json:"description"`
	Fingerprint string          `json:"fingerprint"`
	Identity    string          `json:"identity"`
	Group       string          `json:"group"`
	Version     string          `json:"version"`
	GoVersion   string          `json:"go_version"`
	Processor   string          `json:"processor"`
	Features    string          `json:"features"`
	Threads     int             `json:"threads"`
	Host        string          `json:"host"`
	Process     int             `json:"process"`
	Resumes     int             `json:"resumes"`
	Stack       string          `json:"stack"`
	Config      string          `json:"config"`
	Repeat      string          `json:"repeat"`
	Epochs      []store.Epoch   `json:"epochs"`
	TestUses    int             `json:"test_looks"`
	PerClass    []PerClass      `json:"per_class"` // of the validation split
	Confusion   confusionRecord `json:"confusion"`
}

// confusionRecord is the JSON of the confusion matrices of the best epoch: a row a label, a column a prediction; [] if
// not on record.
type confusionRecord struct {
	Validation [][]int `json:"validation"`
	Test       [][]int `json:"test"`
}

func NewShowRecord(r FullRun) showRecord {
	run, confusion := r.Run, confusionRecord{r.Confusion(store.Validation), r.Confusion(store.Test)}
	return showRecord{
		RunRecord:   NewRunRecord(run),
		Description: run.Description, Fingerprint: run.Fingerprint, Identity: run.Identity, Group: run.Group,
		Version: run.Version, GoVersion: run.GoVersion,
		Processor: run.Processor, Features: run.Features, Threads: run.Threads,
		Host: run.Host, Process: run.Process, Resumes: run.Resumes, Stack: run.Stack,
		Config: run.Config, Repeat: Repeat(r), Epochs: append([]store.Epoch{}, r.Epochs...),
		TestUses: len(r.Looks), PerClass: ByClass(confusion.Validation, r.Classes), Confusion: confusion,
	}
}
