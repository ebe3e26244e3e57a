package spec

import (
	"fmt"
	"math"
	"strings"

	"github.com/invopop/jsonschema"
)

// A sweep makes at most maxRuns runs. Every one is a network of its own, and every point of the
// grid is a tree, changed along each axis, so runs times values and the axes are bounded too.
const (
	maxRuns        = 10_000
	maxSweepValues = 1_000_000
	maxAxes        = 16
)

// sweep is the key of that name: many runs from one file.
type sweep struct {
	Seeds int  `json:"seeds" jsonschema:"minimum=1,maximum=10000" jsonschema_description:"How many runs of each point, with seed, seed + 1, ..."`
	Grid  grid `json:"grid" jsonschema_description:"Every combination of these values: {dotted.key: [value, ...]}."`
}

// grid is the axes of a sweep, the first varying slowest.
type grid []axis

type axis struct {
	key    string // as written: a dotted path
	steps  []step
	values []Node
	texts  []string // of the values, for the names of the points
}

// DecodeNode reads {dotted.key: [value, ...]}.
func (g *grid) DecodeNode(n Node, where string) Faults {
	if n.Kind != Map {
		return Faults{{n.Pos, where + ": expected a map such as {optimizer.adam.learning_rate: [1e-3, 1e-4]}, got " + describe(n)}}
	}
	if len(n.Map) > maxAxes {
		return Faults{{n.Pos, fmt.Sprintf("%s: more than %d keys", where, maxAxes)}}
	}
	var faults Faults
	for _, e := range n.Map {
		steps, err := overridePath(e.Key)
		switch {
		case err != nil:
			faults = append(faults, Fault{e.KeyPos, where + ": " + err.Error()})
		case steps[0].key == "name" || steps[0].key == "sweep":
			faults = append(faults, Fault{e.KeyPos, where + ": " + steps[0].key + " cannot be swept"})
		case e.Value.Kind != List || len(e.Value.List) == 0:
			faults = append(faults, Fault{e.Value.Pos, fmt.Sprintf("%s: %s: expected a list of values, got %s", where, e.Key, describe(e.Value))})
		default:
			a := axis{key: e.Key, steps: steps, values: e.Value.List}
			for _, value := range a.values {
				text := flow(value)
				if len(text) > longestPointName {
					faults = append(faults, Fault{value.Pos, where + ": too long a value: it becomes part of the run's name"})
				}
				a.texts = append(a.texts, text)
			}
			*g = append(*g, a)
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

// overridden tells which overrides name a key that the grid varies: one of the two would win
// without a word.
func (g grid) overridden(set []string) Faults {
	var faults Faults
	for _, text := range set {
		key, _, _ := strings.Cut(text, "=")
		for _, axis := range g {
			if strings.TrimSpace(key) == axis.key {
				faults = append(faults, Fault{Pos{File: "--set " + text},
					"the file's sweep.grid varies " + axis.key + " itself: take it out of one of the two"})
			}
		}
	}
	return faults
}

// point tells which value of each axis the i-th point takes.
func (g grid) point(i int) []int {
	choice := make([]int, len(g))
	for a := len(g) - 1; a >= 0; a-- {
		choice[a] = i % len(g[a].values)
		i /= len(g[a].values)
	}
	return choice
}

// expand makes the runs of a sweep over the file whose tree is root. With faults, the
// experiments are what could be read of the points, for more to be found wrong with them.
func (s sweep) expand(root Node) ([]*Experiment, Faults) {
	at, _ := root.lookup("sweep")
	points := s.Grid.size()
	if points*s.Seeds > maxRuns {
		return nil, Faults{{at.Pos, fmt.Sprintf("sweep: more than %d runs", maxRuns)}}
	}
	root = root.without("sweep")
	if size := repeatedSize(root); points*s.Seeds*size.nodes > maxSweepValues {
		return nil, Faults{{at.Pos, fmt.Sprintf("sweep: %d runs of %d values each are more than %d values together", points*s.Seeds, size.nodes, maxSweepValues)}}
	}
	var runs []*Experiment
	var faults Faults
	values := 0 // of all runs; the grid may vary how often something is repeated
	for i := range points {
		e, found := s.Grid.experiment(root, i)
		if e != nil && e.Seed > math.MaxInt64-int64(s.Seeds-1) {
			found = append(found, Fault{e.At("seed"), fmt.Sprintf("seed: %d more seeds go beyond the largest, %d", s.Seeds-1, int64(math.MaxInt64))})
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
		if values += s.Seeds * repeatedSize(e.root).nodes; values > maxSweepValues {
			return nil, Faults{{at.Pos, fmt.Sprintf("sweep: the runs hold more than %d values together", maxSweepValues)}}
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
	for a, choice := range g.point(i) {
		value := g[a].values[choice]
		last = value.Pos
		changed, found := override{steps: g[a].steps, value: value, pos: value.Pos}.apply(root)
		root = changed
		faults = append(faults, found...)
		settings = append(settings, g[a].key+"="+g[a].texts[choice])
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
		return nil, Faults{{last, "sweep.grid: " + message}}
	}
	return e, nil
}

// Distinct returns the faults without those that are there twice, as the points of a grid
// have them in common.
func (f Faults) Distinct() Faults {
	seen := make(map[Fault]bool, len(f))
	var kept Faults
	for _, fault := range f {
		if !seen[fault] {
			seen[fault] = true
			kept = append(kept, fault)
		}
	}
	return kept
}
