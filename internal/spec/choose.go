package spec

import "fmt"

// Choice is one kind that an item can name. New returns a pointer to a struct
// that holds the defaults of the kind's arguments.
type Choice[T any] struct {
	Name string
	New  func() T
}

// Choose finds the kind that an item names and decodes its arguments. It
// returns them and the item with its defaults filled in. where says which item
// it is ("layers[3]", "optimizer") and prefixes the faults; what is the word
// for its kinds ("layer").
func Choose[T any](it Item, where, what string, choices []Choice[T]) (args T, resolved Item, faults Faults) {
	if it.Kind == "" {
		return args, it, nil // it could not be read, which was told when it was not
	}
	names := make([]string, len(choices))
	for i, c := range choices {
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
