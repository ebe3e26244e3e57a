package spec

// Kind is one kind of thing that an item can name.
type Kind[T any] struct {
	Name string
	Doc  string   // one sentence or two, for the reference and the JSON Schema
	New  func() T // returns a pointer to a struct that holds the arguments' defaults
}

// Choose finds the kind that an item names and decodes its arguments. It returns them, and the
// item with its defaults filled in. Faults begin with where ("layers[3]", "optimizer"); what is
// the word for the kinds ("layer").
func Choose[T any](it Item, where, what string, kinds []Kind[T]) (args T, resolved Item, faults Faults) {
	if it.Kind == "" {
		return args, it, nil // decoding the item has reported why
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
		if k.Name != it.Kind {
			continue
		}
		args = k.New()
		if faults = Decode(it.Args, args, where+" "+k.Name); len(faults) > 0 {
			return args, it, faults
		}
		return args, it.Resolve(args), nil
	}
	return args, it, it.Pos.fault(where, "%s", unknown(what, it.Kind, names))
}
