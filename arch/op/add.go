package op

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"runner/arch/kernel"
)

// Add adds the sum of two nodes of one shape, (Size, ...), to their graph.
func Add(b *Batch, name string, x, y *gorgonia.Node) (*gorgonia.Node, error) {
	if !x.Shape().Eq(y.Shape()) {
		return nil, fmt.Errorf("%s: cannot add %v to %v", name, y.Shape(), x.Shape())
	}
	o := sum(b, name, x, y)
	o.differentiate = func(_ gorgonia.Nodes, _ []bool, _, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		return gorgonia.Nodes{dy, dy}, nil
	}
	do := o.do
	o.do = func(in []gorgonia.Value) {
		do(in)
		b.watch(name, o.out, o.shape)
	}
	return insert(o, x, y)
}

// sum returns the operation that adds two nodes of one shape, for the live
// examples. Its output may lie where either of them lies.
func sum(b *Batch, name string, x, y *gorgonia.Node) *operation {
	shape := x.Shape()
	out := newBuffer(shape.TotalSize()).inPlaceOf(bufferOf(x), bufferOf(y))
	perExample := shape.TotalSize() / b.Size
	return &operation{
		name:  name,
		shape: shape,
		do: func(in []gorgonia.Value) {
			n := b.N * perExample
			kernel.Add(b.Pool, floats(in[0])[:n], floats(in[1])[:n], out.floats()[:n])
		},
		uses: []*Buffer{bufferOf(x), bufferOf(y), out},
		out:  out,
	}
}
