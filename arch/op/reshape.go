package op

import (
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Reshape adds a view of x with another shape for each example: no data moves,
// forward or backward.
func Reshape(b *Batch, at Site, x *gorgonia.Node) (*gorgonia.Node, error) {
	forward := view(at.Name, append(tensor.Shape{b.Size}, at.OutShape...))
	forward.needs = []bool{at.NeedsDX}
	forward.symdiff = func(in gorgonia.Nodes, _, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		backward, err := insert(view(at.Name+".backward", in[0].Shape()), dy)
		return gorgonia.Nodes{backward}, err
	}
	return insert(forward, x)
}

// view returns an operation whose output shares its input's memory.
func view(name string, shape tensor.Shape) *operation {
	var out *tensor.Dense
	return &operation{
		name:   name,
		output: typeOf(shape),
		shape:  shape,
		do: func(in []gorgonia.Value) gorgonia.Value {
			data := floats(in[0])
			// The header is made once: operations own their buffers, so the
			// input is the same memory at every step.
			if out == nil || &out.Float32s()[0] != &data[0] {
				out = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
			}
			return out
		},
	}
}
