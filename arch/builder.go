package arch

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
	"runner/arch/op"
)

// Builder adds layers to one graph.
type Builder struct {
	Batch    *op.Batch
	Training bool // or else evaluation
	Index    int  // of the layer being built

	graph  *gorgonia.ExprGraph
	kind   string                  // of the layer being built
	params []*gorgonia.Node        // in the order of the layers
	learns map[*gorgonia.Node]bool // nodes that depend on a parameter
	pools  []func(size, threads int) kernel.Buffers
}

// Apply adds a layer with the parameters that its Cost names. out is the shape
// of one example of the output.
func (b *Builder) Apply(l op.Layer, out Shape, x *gorgonia.Node, params []ParamSpec) (*gorgonia.Node, error) {
	nodes := make([]*gorgonia.Node, len(params))
	for i, p := range params {
		nodes[i] = gorgonia.NewTensor(b.graph, tensor.Float32, len(p.Shape),
			gorgonia.WithName(paramName(b.Index, b.kind, p.Name)), gorgonia.WithShape(p.Shape...))
	}
	y, err := op.Apply(b.Batch, b.site(out, x), l, x, nodes...)
	if err != nil {
		return nil, err
	}
	if pool := l.Memory().Pool; pool != nil {
		b.pools = append(b.pools, pool)
	}
	b.params = append(b.params, nodes...)
	b.learns[y] = b.learns[x] || len(params) > 0
	return y, nil
}

// Reshape adds a view of x. out is the shape of one example.
func (b *Builder) Reshape(out Shape, x *gorgonia.Node) (*gorgonia.Node, error) {
	y, err := op.Reshape(b.Batch, b.site(out, x), x)
	if err == nil {
		b.learns[y] = b.learns[x]
	}
	return y, err
}

func (b *Builder) site(out Shape, x *gorgonia.Node) op.Site {
	return op.Site{Name: fmt.Sprintf("layers.%d.%s", b.Index, b.kind), OutShape: out, NeedsDX: b.learns[x]}
}

// paramName is a parameter's name in graphs and checkpoints, such as
// layers.0.conv2d.kernel.
func paramName(index int, kind, param string) string {
	return fmt.Sprintf("layers.%d.%s.%s", index, kind, param)
}

// exampleShape returns the shape of one example of a node's mini-batch.
func exampleShape(x *gorgonia.Node) Shape { return Shape(x.Shape()[1:]) }
