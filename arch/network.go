package arch

import (
	"cmp"
	"fmt"
	"iter"
	"slices"

	"runner/internal/spec"
)

// Network is a layer stack whose shapes fit together. It has no graph and no
// values yet.
type Network struct {
	Input         Shape
	Classes       int
	Layers        []LayerInfo
	Weights, Bias Initializer
}

// LayerInfo is one layer in its place, in the network's list or a list of another
// layer.
type LayerInfo struct {
	List   string // argument of the layer around it, such as shortcut; "": the network's own
	Index  int    // in the list
	Number int    // in the order of the whole tree; random draws depend on it
	Name   string // in graphs and checkpoints, such as layers.3.residual.layers.0.conv2d
	Item   spec.Item
	In     Shape
	Placed
}

// New decodes and places the layers and initialisers of an experiment for
// examples of shape input in so many classes. It returns every fault it finds,
// and a copy of the experiment with all defaults filled in. Without an input
// shape, because the dataset is unknown, or with a layer that could not be read,
// it only looks for faults: network and copy are nil.
func New(e *spec.Experiment, input Shape, classes int) (*Network, *spec.Experiment, spec.Faults) {
	n := &Network{Input: input, Classes: classes}
	resolved := *e
	var more spec.Faults
	layers, faults := choose(e.Layers)
	n.Weights, resolved.Init.Weights, more = spec.Choose(e.Init.Weights, "init.weights", "initialiser", InitKinds())
	faults = append(faults, more...)
	n.Bias, resolved.Init.Bias, more = spec.Choose(e.Init.Bias, "init.bias", "initialiser", InitKinds())
	faults = append(faults, more...)
	if len(faults) > 0 || len(input) == 0 || !layers.complete() {
		return nil, nil, faults.Distinct() // copies of a repeated layer share theirs
	}
	if faults := n.place(e, layers); faults != nil {
		return nil, nil, faults
	}
	resolved.Layers = nil
	for _, l := range n.Layers {
		resolved.Layers = append(resolved.Layers, l.Item)
	}
	return n, &resolved, nil
}

// place sends the input's shape through the layers and checks what comes out.
func (n *Network) place(e *spec.Experiment, layers Layers) spec.Faults {
	placed, out, faults := layers.place("", n.Input)
	if faults != nil {
		return faults
	}
	last := e.Layers[len(layers)-1]
	if len(out) != 1 || out[0] != n.Classes {
		return spec.Faults{{Pos: last.Pos, Message: fmt.Sprintf(
			"%s %s: the last layer has output %v, expected %d, one for each class of %s: end with - dense: {units: %[4]d}",
			last.Where, last.Kind, out, n.Classes, e.Dataset.Kind)}}
	}
	n.Layers = placed
	name(n.Layers, "", 0)
	if n.Parameters() == 0 {
		return spec.Faults{{Pos: e.At("layers"),
			Message: "layers: nothing to learn: no layer has parameters, add a dense or conv2d layer"}}
	}
	return nil
}

// name gives layers, and those inside them, their names and numbers: in order, from
// next on. It returns the number after the last.
func name(layers []LayerInfo, prefix string, next int) int {
	for i := range layers {
		l := &layers[i]
		l.Name = fmt.Sprintf("%s%s.%d.%s", prefix, cmp.Or(l.List, "layers"), l.Index, l.Item.Kind)
		l.Number = next
		next = name(l.Children, l.Name+".", next+1)
	}
	return next
}

// All yields the layers, each followed by those inside it.
func (n *Network) All() iter.Seq[LayerInfo] {
	return func(yield func(LayerInfo) bool) { walk(n.Layers, yield) }
}

func walk(layers []LayerInfo, yield func(LayerInfo) bool) bool {
	for _, l := range layers {
		if !yield(l) || !walk(l.Children, yield) {
			return false
		}
	}
	return true
}

// tensors yields all that the layers keep, in their order, with their names in
// checkpoints.
func (n *Network) tensors() iter.Seq2[string, Tensor] {
	return func(yield func(string, Tensor) bool) {
		for l := range n.All() {
			for _, t := range l.Tensors {
				if !yield(l.tensorName(t), t) {
					return
				}
			}
		}
	}
}

// TensorShapes returns the shapes of all that the layers keep, by their names in
// checkpoints.
func (n *Network) TensorShapes() map[string][]int {
	shapes := make(map[string][]int)
	for name, t := range n.tensors() {
		shapes[name] = t.Shape
	}
	return shapes
}

// Parameters returns the number of learned values.
func (n *Network) Parameters() int64 { return sum(n.Layers, LayerInfo.Parameters) }

// MultiplyAdds returns how many multiplications, each with its addition, a forward pass
// over one example takes.
func (n *Network) MultiplyAdds() int64 { return sum(n.Layers, multiplyAdds) }

func multiplyAdds(l LayerInfo) int64 { return l.MultiplyAdds }

// Parameters returns the number of learned values, with those of the layers inside.
func (l LayerInfo) Parameters() int64 {
	own := sum(l.Tensors, func(t Tensor) int64 {
		if t.Trained {
			return t.size()
		}
		return 0
	})
	return own + sum(l.Children, LayerInfo.Parameters)
}

func sum[T any](all []T, of func(T) int64) int64 {
	var total int64
	for _, one := range all {
		total += of(one)
	}
	return total
}

// OwnArgs is the layer's item without the layers inside.
func (l LayerInfo) OwnArgs() spec.Item {
	own := l.Item
	own.Args.Map = slices.DeleteFunc(slices.Clone(own.Args.Map), func(e spec.Entry) bool {
		return slices.ContainsFunc(l.Children, func(child LayerInfo) bool { return child.List == e.Key })
	})
	return own
}

// tensorName is the name of a tensor of the layer, such as layers.0.conv2d.kernel.
func (l LayerInfo) tensorName(t Tensor) string { return l.Name + "." + t.Name }
