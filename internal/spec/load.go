package spec

import "strings"

// Loaded is what one file holds: nothing to run when it is abstract, one experiment, or
// every run of a sweep.
type Loaded struct {
	Abstract    bool
	Experiments []*Experiment
	// Partial is what could be read of a file with faults: not to be run, but to find what else
	// is wrong with its layers and optimizer.
	Partial []*Experiment
}

// Load reads the experiments of one file. The overrides in set ("optimizer.adam.learning_rate=3e-4")
// replace what the file and those that it extends say. Its sweep makes many experiments: every
// point of the grid, each with its seeds in turn. A file with "abstract: true" holds none; it is
// checked as far as an incomplete file can be.
//
// The faults are all that is wrong with spec's own keys, sorted by place; with faults there are no
// Experiments, only Partial ones. Text that is not YAML hides what else may be wrong.
func Load(path string, set []string) (Loaded, Faults) {
	loaded, faults := load(path, set)
	for _, e := range loaded.Experiments {
		e.File = path
	}
	if len(faults) > 0 {
		faults = faults.Distinct()
		faults.Sort()
		return Loaded{Partial: loaded.Experiments}, faults
	}
	return loaded, nil
}

func load(path string, set []string) (Loaded, Faults) {
	root, faults, ok := readTree(path, Pos{File: path}, nil, 0)
	if !ok {
		return Loaded{}, faults
	}
	if abstract, _ := root.lookup("abstract"); abstract.Bool {
		return Loaded{Abstract: true}, append(faults, defaults().decode(root, true)...)
	}
	for _, text := range set {
		o, found := parseSet(text)
		if len(found) == 0 {
			root, found = o.apply(root)
		}
		faults = append(faults, found...)
	}

	runs := sweep{Seeds: 1}
	if n, _ := root.lookup("sweep"); n.Kind != Null {
		found := Decode(n, &runs, "sweep")
		if len(found) > 0 {
			runs = sweep{Seeds: 1} // what else is wrong, without its points
		}
		faults = append(append(faults, found...), runs.Grid.overridden(set)...)
	}
	experiments, found := runs.expand(root)
	return Loaded{Experiments: experiments}, append(faults, found...)
}

// Parse reads the text of one resolved experiment, as [Experiment.Text] wrote it, which extends
// nothing and is no sweep. name is the file in the faults.
func Parse(name string, text []byte) (*Experiment, Faults) {
	root, faults, ok := parse(name, text, ofRecord)
	if !ok {
		return nil, faults
	}
	e, found := newExperiment(root.without("sweep"))
	if faults = append(faults, found...); len(faults) > 0 {
		faults.Sort()
		return nil, faults
	}
	return e, nil
}

// ParseItem reads an item that is an argument of a command: "name" or "name: {key: value}".
// The faults give the argument as their file. A blank one is an item without a kind.
func ParseItem(text string) (Item, Faults) {
	pos := Pos{File: text}
	if strings.TrimSpace(text) == "" {
		return Item{Pos: pos}, nil
	}
	var it Item
	n, faults := parseArgument(pos, text)
	if len(faults) == 0 {
		faults = it.DecodeNode(n, "the argument")
	}
	return it, faults
}
