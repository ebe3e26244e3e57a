package record

// PlannedRun is a run that a sweep would train, or what it would do about it.
type PlannedRun struct {
	Experiment   string   `json:"experiment"`
	Seed         int64    `json:"seed"`
	Mode         string   `json:"mode"`
	Dataset      string   `json:"dataset"`
	Run          string   `json:"run,omitempty"` // the recorded one
	State        string   `json:"state"`         // such as "new" and "done"
	Train        bool     `json:"train"`         // whether the sweep would
	EpochsLeft   int      `json:"epochs_left"`
	Parameters   int64    `json:"parameters"`
	MultiplyAdds int64    `json:"multiply_adds"` // for one example
	Memory       float64  `json:"memory"`        // bytes
	Seconds      *float64 `json:"seconds"`       // for what is left; null if unknown
}

// DryRun is what a sweep would do.
type DryRun struct {
	Runs    []PlannedRun `json:"runs"`
	Jobs    int          `json:"jobs"`
	Threads int          `json:"threads"` // of each job
	Seconds *float64     `json:"seconds"` // for everything that is left; null if unknown
}
