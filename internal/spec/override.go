package spec

import (
	"fmt"
	"strings"
)

// override is a value for a path, from the command line or from a sweep's grid.
type override struct {
	steps []step
	value Node
	pos   Pos // of whatever it adds to the tree
}

// parseSet reads a command-line override, "optimizer.adam.learning_rate=3e-4". The value is
// YAML; the position of all of it is the option.
func parseSet(text string) (override, Faults) {
	pos := Pos{File: "--set " + text}
	path, value, ok := strings.Cut(text, "=")
	if !ok {
		return override{}, Faults{{pos, "expected key=value, such as --set optimizer.adam.learning_rate=3e-4"}}
	}
	steps, err := overridePath(strings.TrimSpace(path))
	if err != nil {
		return override{}, Faults{{pos, err.Error()}}
	}
	o := override{steps: steps, pos: pos, value: Node{Pos: pos}}
	if strings.TrimSpace(value) == "" {
		return o, nil // nothing: the default
	}
	parsed, faults, _ := parse(pos.File, []byte(value), ofFile)
	for i := range faults {
		faults[i].Pos = pos // a column of the value would be mistaken for one of a file
	}
	o.value = parsed.moved(pos)
	return o, faults
}

// overridePath is a path that may be overridden: the files are already read.
func overridePath(path string) ([]step, error) {
	steps, err := parsePath(path)
	if err != nil {
		return nil, err
	}
	if key := steps[0].key; key == "extends" || key == "abstract" {
		return nil, fmt.Errorf("%s says how files are read and cannot be overridden", key)
	}
	return steps, nil
}

// apply returns the tree with the override's value in its place.
func (o override) apply(root Node) (Node, Faults) {
	if len(o.steps)+measure(o.value).levels > ofFile.depth {
		return root, Faults{{o.pos, fmt.Sprintf("%s: nested more than %d levels deep", pathString(o.steps), ofFile.depth)}}
	}
	changed, err := o.set(root, 0)
	if err != nil {
		return root, Faults{{o.pos, err.Error()}}
	}
	return changed, nil
}

// set puts the value below n, which stands at the path's first depth steps. A key that is
// not there yet is added, a kind that is overridden by another is replaced.
func (o override) set(n Node, depth int) (Node, error) {
	if depth == len(o.steps) {
		return o.value, nil
	}
	here, next := pathString(o.steps[:depth]), o.steps[depth]
	if next.key == "" {
		return o.setEntry(n, depth)
	}
	isLayer := depth >= 2 && o.steps[0].key == "layers" && o.steps[depth-1].key == ""
	if isLayer || choosesKind(here) {
		var err error
		if n, err = asKind(n, next.key, here, isLayer); err != nil {
			return Node{}, err
		}
	}
	switch n.Kind {
	case Null:
		n = Node{Pos: n.Pos, Kind: Map}
		if n.Pos == (Pos{}) {
			n.Pos = o.pos
		}
	case Map:
	default:
		return Node{}, fmt.Errorf("%s is %s, so it has no key %s to set", here, describe(n), quote(next.key))
	}
	e := Entry{Key: next.key, KeyPos: o.pos}
	if i := n.find(next.key); i >= 0 {
		e = n.Map[i]
		if depth == len(o.steps)-1 {
			e.KeyPos = o.pos
		}
	}
	var err error
	if e.Value, err = o.set(e.Value, depth+1); err != nil {
		return Node{}, err
	}
	return n.with(e), nil
}

// setEntry puts the value below an entry of the list n.
func (o override) setEntry(n Node, depth int) (Node, error) {
	here, index := pathString(o.steps[:depth]), o.steps[depth].index
	if n.Kind != List {
		return Node{}, fmt.Errorf("%s is %s, not a list, so it has no entry %d", here, describe(n), index)
	}
	if index >= len(n.List) {
		return Node{}, fmt.Errorf("%s[%d] does not exist: there are %d, counted from 0", here, index, len(n.List))
	}
	entry, err := o.set(n.List[index], depth+1)
	if err != nil {
		return Node{}, err
	}
	list := make([]Node, len(n.List))
	copy(list, n.List)
	list[index] = entry
	n.List = list
	return n, nil
}

// asKind makes an item a map of the kind whose arguments are overridden. Another kind than
// the one there replaces it, but not among layers, where a wrong index is likelier.
func asKind(n Node, kind, here string, isLayer bool) (Node, error) {
	chosen, pos := "", n.Pos
	switch {
	case n.Kind == String:
		chosen = n.String
	case n.Kind == Map && len(n.Map) == 1:
		chosen, pos = n.Map[0].Key, n.Map[0].KeyPos
	}
	switch {
	case chosen == kind && n.Kind == String:
		return Node{Pos: pos, Kind: Map, Map: []Entry{{kind, pos, Node{Pos: pos}}}}, nil
	case chosen == kind || chosen == "":
		return n, nil
	case isLayer:
		return Node{}, fmt.Errorf("%s is %s, not %s; to replace the layer, set %s to {%s: {...}}", here, short(chosen), kind, here, kind)
	}
	return Node{}, nil
}
