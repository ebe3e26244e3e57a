package spec

import "fmt"

// Kind is one kind of thing that an item can name.
type Kind[T any] struct {
	Name string
	Doc  string   // one sentence or two, for the reference and the JSON Schema
	New  func() T // returns a pointer to a struct that holds the arguments' defaults
}

// Choose finds the kind that an item names and decodes its arguments. It
// returns them and the item with its defaults filled in. where says which item
// it is ("layers[3]", "optimizer") and prefixes the faults; what is the word
// for its kinds ("layer").
func Choose[T any](it Item, where, what string, kinds []Kind[T]) (args T, resolved Item, faults Faults) {
	if it.Kind == "" {
		return args, it, nil // it could not be read, which was told when it was not
	}
	names := make([]string, len(kinds))
	for i, c := range kinds {
		if names[i] = c.Name; c.Name != it.Kind {
			continue
		}
		where += " " + c.Name
		args = c.New()
		if faults = Decode(it.Args, args, where); len(faults) > 0 {
			return args, it, faults
		}
		resolved, err := it.Resolve(args)
		if err != nil {
			return args, it, Faults{{Pos: it.Pos, Message: fmt.Sprintf("%s: %v", where, err)}}
		}
		return args, resolved, nil
	}
	return args, it, Faults{{Pos: it.Pos, Message: where + ": " + unknown(what, it.Kind, names)}}
}
