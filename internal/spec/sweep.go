package spec

import (
	"math"
	"strings"

	"github.com/invopop/jsonschema"
)

// The runs of a sweep are bounded. So are its axes and the values of all runs together: each run
// is a network of its own, and each point a tree that is changed along every axis.
const (
	maxRuns        = 10_000
	maxSweepValues = 1_000_000
	maxAxes        = 16
)

// sweep is the key of that name: many runs from one file.
type sweep struct {
	Seeds int  `json:"seeds" jsonschema:"minimum=1,maximum=10000"`
	Grid  grid `json:"grid"`
}

// grid is the axes of a sweep, the first varying slowest.
type grid []axis

type axis struct {
	key    string // as written: a dotted path
	steps  []step
	values []Node
}

// DecodeNode reads {dotted.key: [value, ...]}.
func (g *grid) DecodeNode(n Node, where string) Faults {
	if n.Kind != Map {
		return n.Pos.fault(where,
			"expected a map such as {optimizer.adam.learning_rate: [1e-3, 1e-4]}, got %s", n.Describe())
	}
	if len(n.Map) > maxAxes {
		return n.Pos.fault(where, "more than %d keys", maxAxes)
	}
	var faults Faults
	fault := func(pos Pos, format string, args ...any) {
		faults = append(faults, pos.fault(where, format, args...)...)
	}
	for _, e := range n.Map {
		steps, err := overridePath(e.Key)
		switch {
		case err != nil:
			fault(e.KeyPos, "%v", err)
		case steps[0].key == "name" || steps[0].key == "sweep":
			fault(e.KeyPos, "%s cannot be swept", steps[0].key)
		case e.Value.Kind != List || len(e.Value.List) == 0:
			fault(e.Value.Pos, "%s: expected a list of values, got %s", e.Key, e.Value.Describe())
		default:
			for _, value := range e.Value.List {
				if len(flow(value)) > longestPointName {
					fault(value.Pos, "too long a value: it becomes part of the run's name")
				}
			}
			*g = append(*g, axis{e.Key, steps, e.Value.List})
		}
	}
	return faults
}

// JSONSchema describes the grid to an editor.
func (grid) JSONSchema() *jsonschema.Schema {
	one := uint64(1)
	return &jsonschema.Schema{
		Type:                 "object",
		AdditionalProperties: &jsonschema.Schema{Type: "array", MinItems: &one},
	}
}

// size counts the grid's points, up to one more than maxRuns.
func (g grid) size() int {
	points := 1
	for _, a := range g {
		points = min(points*len(a.values), maxRuns+1)
	}
	return points
}

// overridden finds the overrides of keys that the grid varies: one of the two would silently win.
func (g grid) overridden(set []string) Faults {
	var faults Faults
	for _, text := range set {
		key, _, _ := strings.Cut(text, "=")
		for _, a := range g {
			if strings.TrimSpace(key) == a.key {
				faults = append(faults, Pos{File: "--set " + text}.fault("",
					"the file's sweep.grid varies %s itself: take it out of one of the two", a.key)...)
			}
		}
	}
	return faults
}

// expand makes the runs of a sweep over the file whose tree is root. With faults, the
// experiments are what could be read of the points, for others to check.
func (s sweep) expand(root Node) ([]*Experiment, Faults) {
	at, _ := root.lookup("sweep")
	root = root.without("sweep")
	points := s.Grid.size()
	total := points * s.Seeds
	if total > maxRuns {
		return nil, at.Pos.fault("sweep", "more than %d runs", maxRuns)
	}
	if size := measure(root).nodes; total*size > maxSweepValues {
		return nil, at.Pos.fault("sweep", "%d runs of %d values each are more than %d values together",
			total, size, maxSweepValues)
	}
	var runs []*Experiment
	var faults Faults
	values := 0 // of all runs; the grid may vary how often something is repeated
	for i := range points {
		e, found := s.Grid.experiment(root, i)
		if e != nil && e.Seed > math.MaxInt64-int64(s.Seeds-1) {
			found = append(found, e.At("seed").fault("seed", "%d more seeds go beyond the largest, %d",
				s.Seeds-1, int64(math.MaxInt64))...)
		}
		if faults = append(faults, found...).Distinct(); len(faults) > Enough {
			break // the points may have as many each
		}
		if len(faults) > 0 {
			if e != nil {
				runs = append(runs, e)
			}
			continue // the other points may have faults of their own
		}
		if values += s.Seeds * measure(e.root).nodes; values > maxSweepValues {
			return nil, at.Pos.fault("sweep", "the runs hold more than %d values together", maxSweepValues)
		}
		for seed := range s.Seeds {
			run := *e
			run.Seed += int64(seed)
			runs = append(runs, &run)
		}
	}
	return runs, faults
}

// experiment is the file's experiment at the i-th point.
func (g grid) experiment(root Node, i int) (*Experiment, Faults) {
	var faults Faults
	var settings []string
	var last Pos
	points := g.size()
	for _, a := range g {
		points /= len(a.values)
		value := a.values[i/points%len(a.values)]
		last = value.Pos
		changed, found := override{a.steps, value, value.Pos}.apply(root)
		root = changed
		faults = append(faults, found...)
		settings = append(settings, a.key+"="+flow(value))
	}
	if len(faults) > 0 {
		return nil, faults
	}
	e, faults := newExperiment(root)
	if len(faults) > 0 || len(g) == 0 {
		return e, faults
	}
	e.Name += "[" + strings.Join(settings, ",") + "]"
	if message := checkName(e.Name); message != "" {
		return nil, last.fault("sweep.grid", "%s", message)
	}
	return e, nil
}
