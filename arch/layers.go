package arch

import (
	"errors"
	"fmt"
	"slices"

	"github.com/invopop/jsonschema"

	"runner/internal/spec"
)

// Layers is a list of layers, of an experiment or an argument of a layer.
type Layers []chosen

// chosen is a layer of a list that has no place yet.
type chosen struct {
	written, resolved spec.Item
	layer             Layer // nil: it could not be read
}

// choose looks up the kinds that items name and decodes their arguments.
func choose(items []spec.Item) (Layers, spec.Faults) {
	layers := make(Layers, len(items))
	kinds := append(Kinds(), Kind{Name: spec.RepeatKind().Name}) // written out by now: only to be suggested
	var faults, more spec.Faults
	for i, item := range items {
		l := &layers[i]
		l.written = item
		l.layer, l.resolved, more = spec.Choose(item, item.Where, "layer", kinds)
		faults = append(faults, more...)
	}
	return layers, faults
}

func (l *Layers) DecodeNode(n spec.Node, where string) spec.Faults {
	var items spec.Layers
	faults := items.DecodeNode(n, where)
	layers, more := choose(items)
	*l = layers
	return append(faults, more...)
}

// Node is the list as in a file, with all defaults filled in.
func (l Layers) Node() spec.Node {
	items := make(spec.Layers, len(l))
	for i, c := range l {
		items[i] = c.resolved
	}
	return items.Node()
}

// JSONSchema describes the list to editors.
func (Layers) JSONSchema() *jsonschema.Schema { return spec.Layers{}.JSONSchema() }

func (l Layers) complete() bool {
	return len(l) > 0 && !slices.ContainsFunc(l, func(c chosen) bool { return c.layer == nil })
}

// place sends a shape through the layers. It returns them in their places and what
// comes out, or the fault of the first that does not take its input. list is the
// name of the argument they are in.
func (l Layers) place(list string, in Shape) ([]LayerInfo, Shape, spec.Faults) {
	layers, shape := make([]LayerInfo, len(l)), in
	for i, c := range l {
		placed, err := c.layer.Place(shape)
		if err == nil {
			err = excess(placed)
		}
		var inside spec.Faults // of a layer inside, with its place
		if errors.As(err, &inside) {
			return nil, nil, inside
		}
		if err != nil {
			message := fmt.Sprintf("%s %s: %v", c.written.Where, c.written.Kind, err)
			return nil, nil, spec.Faults{{Pos: argPos(c.written, err), Message: message}}
		}
		layers[i] = LayerInfo{List: list, Index: i, Item: c.resolved, In: shape, Placed: placed}
		shape = placed.Out
	}
	return layers, shape, nil
}

// argPos returns the position of the argument that an error is about, or else of
// the layer.
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

// The largest layer: with more, its float32 values alone take over 4 GB. As many such
// layers as a file may hold, 10,000, do not overflow the sums over a network.
const (
	mostValues       = 1 << 30 // of its tensors, or outputs of one example
	mostMultiplyAdds = 1 << 50 // of one example
)

// excess returns an error for a layer that is too large. It is called before the
// layer's output becomes another's input, so one step cannot overflow an int64.
func excess(p Placed) error {
	parameters := 0.0
	for _, t := range p.Tensors {
		parameters += size(t.Shape)
	}
	switch {
	case parameters > mostValues:
		return fmt.Errorf("%.3g parameters, more than the %.3g allowed in a layer", parameters, float64(mostValues))
	case size(p.Out) > mostValues:
		return fmt.Errorf("an output of %.3g values, more than the %.3g allowed", size(p.Out), float64(mostValues))
	case p.MultiplyAdds < 0 || p.MultiplyAdds > mostMultiplyAdds:
		return fmt.Errorf("more than the %.3g multiply-adds allowed for an example", float64(mostMultiplyAdds))
	}
	return nil
}

// size is a shape's number of elements. Unlike an int, it does not overflow.
func size(s Shape) float64 {
	product := 1.0
	for _, d := range s {
		product *= float64(d)
	}
	return product
}
