package report

import (
	"fmt"
	"io"
	"time"
)

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

// WriteDryRun writes what a sweep would do. Formats: Table, JSON.
func WriteDryRun(w io.Writer, p DryRun, format Format, style Style) error {
	switch format {
	case JSON:
		p.Runs = append([]PlannedRun{}, p.Runs...) // [] when empty, never null
		return writeJSON(w, p)
	case Table:
		if err := writeTable(w, plannedColumns(), p.Runs, style); err != nil {
			return err
		}
		train := 0
		for _, r := range p.Runs {
			if r.Train {
				train++
			}
		}
		line := fmt.Sprintf("%d of %d runs to train", train, len(p.Runs))
		if train > 0 {
			line += fmt.Sprintf(", %d at a time with %d %s each", p.Jobs, p.Threads, plural(p.Threads, "thread"))
			if p.Seconds != nil {
				line += ": about " + about(*p.Seconds)
			}
		}
		for _, line := range wrap(line, style.Width, 2) {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		return nil
	}
	return unknownFormat(format)
}

func plannedColumns() []column[PlannedRun] {
	type row = PlannedRun
	return []column[row]{
		{head: "experiment", least: 14, ends: true, cell: func(r row) string { return r.Experiment }},
		{head: "seed", right: true, drop: 2, cell: func(r row) string { return fmt.Sprint(r.Seed) }},
		{head: "mode", drop: 6, cell: func(r row) string { return r.Mode }},
		{head: "dataset", drop: 7, cell: func(r row) string { return r.Dataset }},
		{head: "parameters", short: "params", right: true, drop: 3, cell: func(r row) string { return human(r.Parameters) }},
		{head: "multiply-adds", short: "mult-adds", right: true, drop: 5, cell: func(r row) string { return human(r.MultiplyAdds) }},
		{head: "memory", right: true, drop: 4, cell: func(r row) string { return megabytes(r.Memory) }},
		{head: "time", right: true, drop: 1, cell: func(r row) string {
			if r.Seconds == nil {
				return none
			}
			return about(*r.Seconds)
		}},
		{head: "state", least: 11, cell: func(r row) string { return r.State }, ink: func(r row) ink {
			if r.Train {
				return plain
			}
			return dim
		}},
	}
}

// about writes an estimate of seconds.
func about(seconds float64) string {
	if seconds < 1 {
		return "1s" // nobody plans for less
	}
	return duration(time.Duration(seconds * float64(time.Second)))
}

// megabytes writes a number of bytes.
func megabytes(bytes float64) string {
	if bytes < 1e9 {
		return fmt.Sprintf("%.0f MB", bytes/1e6)
	}
	return fmt.Sprintf("%.1f GB", bytes/1e9)
}

func plural(n int, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}
