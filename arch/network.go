package arch

import (
	"errors"
	"fmt"
	"iter"

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

// LayerInfo is one layer in its place.
type LayerInfo struct {
	Index int
	Name  string // in graphs and checkpoints, such as layers.0.conv2d
	Kind  string
	In    Shape
	Placed
}

// New decodes and places the layers and initialisers of an experiment for
// examples of shape input in so many classes. It returns every fault it finds,
// and a copy of the experiment with all defaults filled in. Without an input
// shape, which an unknown dataset leaves, or with layers that could not be
// read, it looks for faults alone: network and copy are nil.
func New(e *spec.Experiment, input Shape, classes int) (*Network, *spec.Experiment, spec.Faults) {
	n := &Network{Input: input, Classes: classes}
	resolved := *e
	resolved.Layers = make([]spec.Item, len(e.Layers))
	var faults, more spec.Faults
	layers := make([]Layer, len(e.Layers))
	complete := len(input) > 0 && len(layers) > 0
	for i, item := range e.Layers {
		layers[i], resolved.Layers[i], more = spec.Choose(item, fmt.Sprintf("layers[%d]", i), "layer", layerChoices())
		faults = append(faults, more...)
		complete = complete && layers[i] != nil
	}
	n.Weights, resolved.Init.Weights, more = spec.Choose(e.Init.Weights, "init.weights", "initialiser", initChoices())
	faults = append(faults, more...)
	n.Bias, resolved.Init.Bias, more = spec.Choose(e.Init.Bias, "init.bias", "initialiser", initChoices())
	if faults = append(faults, more...); len(faults) > 0 || !complete {
		return nil, nil, faults
	}
	if fault := n.place(e, layers); fault != nil {
		return nil, nil, spec.Faults{*fault}
	}
	return n, &resolved, nil
}

// place sends the input's shape through the layers up to the first that does
// not take it.
func (n *Network) place(e *spec.Experiment, layers []Layer) *spec.Fault {
	shape := n.Input
	for i, l := range layers {
		item := e.Layers[i]
		placed, err := l.Place(shape)
		if err != nil {
			return &spec.Fault{Pos: argPos(item, err), Message: fmt.Sprintf("layers[%d] %s: %v", i, item.Kind, err)}
		}
		if what := excess(placed); what != "" {
			return &spec.Fault{Pos: item.Pos, Message: fmt.Sprintf("layers[%d] %s: %s", i, item.Kind, what)}
		}
		n.Layers = append(n.Layers, LayerInfo{
			Index: i, Name: fmt.Sprintf("layers.%d.%s", i, item.Kind), Kind: item.Kind, In: shape, Placed: placed,
		})
		shape = placed.Out
	}
	last := e.Layers[len(layers)-1]
	if len(shape) != 1 || shape[0] != n.Classes {
		return &spec.Fault{Pos: last.Pos, Message: fmt.Sprintf(
			"layers[%d] %s: the last layer has output %v, expected %d, one for each class of %s: end with - dense: {units: %[4]d}",
			len(layers)-1, last.Kind, shape, n.Classes, e.Dataset.Kind)}
	}
	if n.Parameters() == 0 {
		return &spec.Fault{Pos: e.At("layers"), Message: "layers: nothing to learn: no layer has parameters, add a dense or conv2d layer"}
	}
	return nil
}

// The largest layer: with more, float32 values alone take over 4 GB, and a few
// hundred such layers cannot overflow the sums below.
const (
	mostValues       = 1 << 30 // of its tensors, or outputs of one example
	mostMultiplyAdds = 1 << 50 // of one example
)

// excess says what of a layer is too large, or "". It is called before the
// layer's output is another's input, so one step cannot overflow an int64.
func excess(p Placed) string {
	parameters := 0.0
	for _, t := range p.Tensors {
		parameters += size(t.Shape)
	}
	switch {
	case parameters > mostValues:
		return fmt.Sprintf("%.3g parameters, more than the %.3g allowed in a layer", parameters, float64(mostValues))
	case size(p.Out) > mostValues:
		return fmt.Sprintf("an output of %.3g values, more than the %.3g allowed", size(p.Out), float64(mostValues))
	case p.MultiplyAdds < 0 || p.MultiplyAdds > mostMultiplyAdds:
		return fmt.Sprintf("more than the %.3g multiply-adds allowed for an example", float64(mostMultiplyAdds))
	}
	return ""
}

// size is a shape's number of elements without the bounds of an int.
func size(s Shape) float64 {
	product := 1.0
	for _, d := range s {
		product *= float64(d)
	}
	return product
}

// tensors yields all that the layers keep, in their order, by the names that they
// have in checkpoints.
func (n *Network) tensors() iter.Seq2[string, Tensor] {
	return func(yield func(string, Tensor) bool) {
		for _, l := range n.Layers {
			for _, t := range l.Tensors {
				if !yield(l.tensorName(t), t) {
					return
				}
			}
		}
	}
}

// TensorShapes returns the shape of all that the layers keep, by the names that
// they have in checkpoints.
func (n *Network) TensorShapes() map[string][]int {
	shapes := make(map[string][]int)
	for name, t := range n.tensors() {
		shapes[name] = t.Shape
	}
	return shapes
}

// Parameters returns the number of learned values.
func (n *Network) Parameters() int64 {
	var sum int64
	for _, l := range n.Layers {
		sum += l.Parameters()
	}
	return sum
}

// MultiplyAdds returns the multiplications, each with its addition, of one
// forward pass over one example.
func (n *Network) MultiplyAdds() int64 {
	var sum int64
	for _, l := range n.Layers {
		sum += l.MultiplyAdds
	}
	return sum
}

// Parameters returns the number of learned values.
func (l LayerInfo) Parameters() int64 {
	var sum int64
	for _, t := range l.Tensors {
		if t.Trained {
			sum += t.size()
		}
	}
	return sum
}

// tensorName is the name of a tensor of the layer, such as layers.0.conv2d.kernel.
func (l LayerInfo) tensorName(t Tensor) string { return l.Name + "." + t.Name }

// argPos returns the position of the argument that an error is about, or else
// of the layer.
func argPos(item spec.Item, err error) spec.Pos {
	var arg *argError
	if errors.As(err, &arg) {
		for _, entry := range item.Args.Map {
			if entry.Key == arg.arg {
				return entry.KeyPos
			}
		}
	}
	return item.Pos
}

func layerChoices() []spec.Choice[Layer] {
	var choices []spec.Choice[Layer]
	for _, k := range Kinds() {
		choices = append(choices, spec.Choice[Layer]{Name: k.Name, New: k.New})
	}
	return choices
}

func initChoices() []spec.Choice[Initializer] {
	var choices []spec.Choice[Initializer]
	for _, k := range InitKinds() {
		choices = append(choices, spec.Choice[Initializer]{Name: k.Name, New: k.New})
	}
	return choices
}
