package spec

import (
	"fmt"
	"iter"
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
