package spec

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Settings yields what the runs of one group share: the paths of keys and arguments as overrides
// write them, and their values on one line. The value of an item is its kind, followed by its
// arguments:
//
//	layers[0]	conv2d
//	layers[0].conv2d.filters	32
//	optimizer	adam
//	optimizer.adam.learning_rate	0.001
//
// A pair of sizes is one value.
func (e *Experiment) Settings() iter.Seq2[string, string] {
	return func(yield func(path, value string) bool) {
		for _, k := range e.keys() {
			if k.identity == never || k.identity == ofSeed || k.absent() {
				continue
			}
			if !flatten(k.path, k.node(), yield) {
				return
			}
		}
	}
}

// flatten yields the values of the tree at a path, until yield returns false.
func flatten(path string, n Node, yield func(path, value string) bool) bool {
	switch n.Kind {
	case Map:
		isItem := len(n.Map) == 1 && (n.Map[0].Value.Kind == Map || strings.HasSuffix(path, "]"))
		if isItem && !yield(path, n.Map[0].Key) {
			return false
		}
		for _, e := range n.Map {
			if !flatten(path+"."+e.Key, e.Value, yield) {
				return false
			}
		}
	case List:
		if !slices.ContainsFunc(n.List, func(n Node) bool { return n.Kind != Int && n.Kind != Float }) {
			return yield(path, flow(n)) // such as the height and width of a kernel
		}
		for i, child := range n.List {
			if !flatten(fmt.Sprintf("%s[%d]", path, i), child, yield) {
				return false
			}
		}
	case Null:
	case String:
		return yield(path, strings.Join(strings.Fields(n.String), " "))
	default:
		return yield(path, n.written())
	}
	return true
}

// LayerSettings is a layer as settings describe it.
type LayerSettings struct {
	List   string // that holds it: layers, or another argument of the layer around it
	Index  int
	Kind   string
	Args   []Setting // without the layers inside
	Layers []LayerSettings
}

// Setting is an argument's path within its layer ("" for one without a key) and its value.
type Setting struct{ Path, Value string }

// LayersOf reads the layers out of settings.
func LayersOf(settings iter.Seq2[string, string]) []LayerSettings {
	var network LayerSettings
	for path, value := range settings {
		if OfLayer(path) {
			network.add(path, value)
		}
	}
	return network.Layers
}

// OfLayer reports whether a setting is of a layer.
func OfLayer(path string) bool {
	list, _, _, ok := cutEntry(path)
	return ok && list == "layers"
}

// add adds a setting, by its path within the layer.
func (l *LayerSettings) add(path, value string) {
	list, index, rest, ok := cutEntry(path)
	switch at := len(l.Layers) - 1; {
	case !ok:
		// Settings also list the key of a map with one key: it is not a value.
		l.Args = slices.DeleteFunc(l.Args, func(s Setting) bool { return s.Path == "" && s.Value == path })
		l.Args = append(l.Args, Setting{path, value})
	case rest == "":
		l.Layers = append(l.Layers, LayerSettings{List: list, Index: index, Kind: value})
	case at >= 0 && l.Layers[at].List == list && l.Layers[at].Index == index:
		inside := &l.Layers[at]
		inside.add(strings.TrimPrefix(strings.TrimPrefix(rest, inside.Kind), "."), value)
	}
}

// cutEntry splits a path that begins with an entry of a list: "layers[3].conv2d.filters" is
// "conv2d.filters" of layer 3, and "layers[3]" is its kind, of which rest is "".
func cutEntry(path string) (list string, index int, rest string, ok bool) {
	list, rest, ok = strings.Cut(path, "[")
	if !ok || strings.Contains(list, ".") {
		return "", 0, "", false
	}
	digits, rest, closed := strings.Cut(rest, "]")
	index, err := strconv.Atoi(digits)
	return list, index, strings.TrimPrefix(rest, "."), closed && err == nil
}
