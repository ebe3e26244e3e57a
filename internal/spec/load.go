package spec

// Load reads the experiments of one file. The overrides in set ("optimizer.adam.learning_rate=3e-4")
// are laid over what the file and those that it extends say, and its sweep makes many
// experiments of it: every point of the grid, and for each its seeds in turn. A file with
// "abstract: true" holds none; it is checked as far as an incomplete file can be.
//
// The faults are all that is wrong with the keys that spec knows, sorted by place, and then
// there are no experiments but only parts of them. Text that is no YAML hides what else may be
// wrong.
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
	doc := defaults()
	if abstract, _ := root.lookup("abstract"); abstract.Kind == Bool && abstract.Bool {
		return Loaded{Abstract: true}, append(faults, doc.decode(root, true)...)
	}
	for _, text := range set {
		o, found := parseSet(text)
		if len(found) == 0 {
			root, found = o.apply(root)
		}
		faults = append(faults, found...)
	}

	runs := sweep{Seeds: 1}
	if n, given := root.lookup("sweep"); given && n.Kind != Null {
		found := Decode(n, &runs, "sweep")
		if len(found) > 0 {
			root = root.without("sweep") // what else is wrong, without its points
			runs = sweep{Seeds: 1}
		}
		faults = append(faults, append(found, runs.Grid.overridden(set)...)...)
	}
	experiments, found := runs.expand(root)
	return Loaded{Experiments: experiments}, append(faults, found...)
}
