package spec

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Settings yields what runs of one group have in common, the paths of keys and arguments as
// overrides write them with their values on one line. An item has its kind for a value, and its
// arguments stand below that:
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

// flatten yields the values of a tree that stands at a path, until yield returns false.
func flatten(path string, n Node, yield func(path, value string) bool) bool {
	switch n.Kind {
	case Map:
		if len(n.Map) == 1 && (n.Map[0].Value.Kind == Map || strings.HasSuffix(path, "]")) && !yield(path, n.Map[0].Key) {
			return false
		}
		for _, e := range n.Map {
			if !flatten(path+"."+e.Key, e.Value, yield) {
				return false
			}
		}
	case List:
		if sizes(n) {
			return yield(path, flow(n))
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

// sizes tells whether a list is one value, such as the height and width of a kernel.
func sizes(n Node) bool {
	for _, child := range n.List {
		if child.Kind != Int && child.Kind != Float {
			return false
		}
	}
	return true
}

// LayerSettings is a layer as settings have it.
type LayerSettings struct {
	List   string // that it stands in: layers, or another argument of the layer that holds it
	Index  int
	Kind   string
	Args   []Setting // but for the layers inside
	Layers []LayerSettings
}

// Setting is an argument's path within its layer, "" of one that has no key, and its value.
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

// OfLayer tells whether a setting is a layer's.
func OfLayer(path string) bool {
	list, _, _, ok := cutEntry(path)
	return ok && list == "layers"
}

// add takes in a setting, by its path within the layer.
func (l *LayerSettings) add(path, value string) {
	list, index, rest, ok := cutEntry(path)
	switch at := len(l.Layers) - 1; {
	case !ok:
		// Of a map with one key the settings have that key besides: it is no value.
		l.Args = slices.DeleteFunc(l.Args, func(s Setting) bool { return s.Path == "" && s.Value == path })
		l.Args = append(l.Args, Setting{path, value})
	case rest == "":
		l.Layers = append(l.Layers, LayerSettings{List: list, Index: index, Kind: value})
	case at >= 0 && l.Layers[at].List == list && l.Layers[at].Index == index: // no record has others
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
