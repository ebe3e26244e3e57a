package spec

import (
	"fmt"
	"slices"
	"strings"
)

// override is a value for a path, from the command line or from a sweep's grid.
type override struct {
	steps []step
	value Node
	pos   Pos // of what it adds to the tree
}

// parseSet reads a command-line override, "optimizer.adam.learning_rate=3e-4". The value is
// YAML, all of it at the position of the option.
func parseSet(text string) (override, Faults) {
	pos := Pos{File: "--set " + text}
	path, value, ok := strings.Cut(text, "=")
	if !ok {
		return override{}, pos.fault("", "expected key=value, such as --set optimizer.adam.learning_rate=3e-4")
	}
	steps, err := overridePath(strings.TrimSpace(path))
	if err != nil {
		return override{}, pos.fault("", "%v", err)
	}
	n, faults := parseArgument(pos, value)
	return override{steps, n, pos}, faults
}

// parseArgument reads YAML from the command line; blank text is a Null. The values and faults
// are at pos: a column of the argument would be mistaken for one of a file.
func parseArgument(pos Pos, text string) (Node, Faults) {
	if strings.TrimSpace(text) == "" {
		return Node{Pos: pos}, nil
	}
	n, faults, _ := parse(pos.File, []byte(text), ofFile)
	for i := range faults {
		faults[i].Pos = pos
	}
	return n.moved(pos), faults
}

// overridePath reads a path that may be overridden.
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
		return root, o.pos.fault(pathString(o.steps), "nested more than %d levels deep", ofFile.depth)
	}
	changed, err := o.set(root, 0)
	if err != nil {
		return root, o.pos.fault("", "%v", err)
	}
	return changed, nil
}

// set puts the value below n, which is at the path's first depth steps. A key that is
// missing is added, a kind that is overridden by another is replaced. Trees share what they have
// in common (a sweep makes thousands from one), so a change copies the way down to it.
func (o override) set(n Node, depth int) (Node, error) {
	if depth == len(o.steps) {
		return o.value, nil
	}
	here, next := pathString(o.steps[:depth]), o.steps[depth]
	if next.key == "" {
		return o.setEntry(n, depth)
	}
	var err error
	isLayer := depth >= 2 && o.steps[0].key == "layers" && o.steps[depth-1].key == ""
	if isLayer || choosesKind(here) {
		if n, err = asKind(n, next.key, here, isLayer); err != nil {
			return Node{}, err
		}
	}
	if n.Kind == Null {
		n.Kind = Map
		if n.Pos == (Pos{}) {
			n.Pos = o.pos
		}
	}
	if n.Kind != Map {
		return Node{}, fmt.Errorf("%s is %s, so it has no key %s to set", here, n.Describe(), quote(next.key))
	}
	i := n.find(next.key)
	n.Map = slices.Clone(n.Map)
	if i < 0 {
		i = len(n.Map)
		n.Map = append(n.Map, Entry{Key: next.key, KeyPos: o.pos})
	}
	if depth == len(o.steps)-1 {
		n.Map[i].KeyPos = o.pos
	}
	n.Map[i].Value, err = o.set(n.Map[i].Value, depth+1)
	return n, err
}

// setEntry puts the value below an entry of the list n.
func (o override) setEntry(n Node, depth int) (Node, error) {
	here, index := pathString(o.steps[:depth]), o.steps[depth].index
	if n.Kind != List {
		return Node{}, fmt.Errorf("%s is %s, not a list, so it has no entry %d", here, n.Describe(), index)
	}
	if index >= len(n.List) {
		return Node{}, fmt.Errorf("%s[%d] does not exist: there are %d, counted from 0", here, index, len(n.List))
	}
	var err error
	n.List = slices.Clone(n.List)
	n.List[index], err = o.set(n.List[index], depth+1)
	return n, err
}

// asKind makes an item a map from the kind whose arguments are overridden. Another kind than
// the one there replaces it, but not among layers, where a wrong index is likelier.
func asKind(n Node, kind, here string, isLayer bool) (Node, error) {
	chosen := ""
	switch {
	case n.Kind == String:
		chosen = n.String
	case len(n.Map) == 1:
		chosen = n.Map[0].Key
	}
	switch {
	case chosen == kind && n.Kind == String:
		return Node{Pos: n.Pos, Kind: Map, Map: []Entry{{kind, n.Pos, Node{Pos: n.Pos}}}}, nil
	case chosen == kind || chosen == "":
		return n, nil
	case isLayer:
		return Node{}, fmt.Errorf("%s is %s, not %s; to replace the layer, set %s to {%s: {...}}",
			here, short(chosen), kind, here, kind)
	}
	return Node{}, nil
}
