package compare

import (
	"context"
	"fmt"
	"slices"

	"runner/store"
)

// Side is one of the experiments compared, and the run that stands for it.
type Side struct {
	Label        string       `json:"label"` // A, B, ...
	Experiment   string       `json:"experiment"`
	Group        string       `json:"group"`
	Run          string       `json:"run"`
	Seed         int64        `json:"seed"`  // of the run
	Seeds        int          `json:"seeds"` // of the experiment, with an epoch
	Mode         string       `json:"mode"`
	Dataset      string       `json:"dataset"`
	Fingerprint  string       `json:"fingerprint"` // of the dataset's content
	InitFrom     string       `json:"init_from,omitempty"`
	Status       store.Status `json:"status"` // of the run
	Parameters   int64        `json:"parameters"`
	MultiplyAdds int64        `json:"multiply_adds"` // of one example

	run   store.Run
	group store.Group
	on    store.Dataset
}

// SameError says that two names mean the same run.
type SameError struct{ Name, Other, Run, Experiment string }

func (e *SameError) Error() string {
	return fmt.Sprintf("%s and %s are both run %s of %s: name another experiment, or two of its runs by the ids that "+
		"'runner list' shows",
		e.Name, e.Other, e.Run, e.Experiment)
}

// findSides finds the runs that names mean. The name of an experiment means the latest of its counted runs with an
// epoch.
func findSides(ctx context.Context, v *store.Snapshot, names []string) ([]Side, error) {
	var sides []Side
	for i, name := range names {
		run, err := v.Find(ctx, name)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(v.Groups, func(g store.Group) bool { return g.ID == run.Group })
		group := v.Groups[at] // a run is in one
		if id := latest(group); name == run.Experiment && name != run.ID && id != run.ID {
			if run, err = v.Find(ctx, id); err != nil {
				return nil, err
			}
		}
		for j, other := range sides {
			if other.Run == run.ID {
				return nil, &SameError{names[j], name, run.ID, run.Experiment}
			}
		}
		side := newSide(string(rune('A'+i)), run, group)
		side.on = v.Dataset(run)
		sides = append(sides, side)
	}
	return sides, nil
}

// latest is the id of the latest run with an epoch, or else of the latest one.
func latest(g store.Group) string {
	id := g.Runs[len(g.Runs)-1].ID
	for _, r := range g.Runs {
		if r.Logged > 0 {
			id = r.ID
		}
	}
	return id
}

func newSide(label string, run store.Run, group store.Group) Side {
	s := Side{
		Label: label, Experiment: run.Experiment, Group: run.Group, Run: run.ID, Seed: run.Seed, Mode: run.Mode,
		Dataset: run.Dataset, Fingerprint: run.Fingerprint, InitFrom: run.InitFrom, Status: run.Status,
		Parameters: run.Parameters, MultiplyAdds: run.MultiplyAdds, run: run, group: group,
	}
	for _, r := range group.Runs {
		if r.Logged > 0 {
			s.Seeds++
		}
	}
	return s
}

// otherData says how the data of two sides differ; "" if they do not.
func otherData(a, b Side) string {
	switch {
	case a.Dataset != b.Dataset:
		return fmt.Sprintf("%s is on %s, %s on %s", a.Label, a.Dataset, b.Label, b.Dataset)
	case a.Fingerprint != b.Fingerprint:
		return fmt.Sprintf("%s is on other bytes of %s than %s", b.Label, b.Dataset, a.Label)
	}
	return ""
}

// dataNotes say which sides were trained on something else than A.
func dataNotes(sides []Side) []string {
	var notes []string
	a := sides[0]
	for _, b := range sides[1:] {
		if why := otherData(a, b); why != "" {
			notes = append(notes, why+": their accuracies do not compare, and no test says that they do.")
		}
		if a.Mode != b.Mode {
			notes = append(notes, fmt.Sprintf("%s was trained in mode %s, %s in mode %s: not on the same examples.", a.Label,
				a.Mode, b.Label, b.Mode))
		}
	}
	return notes
}
