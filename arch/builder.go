package arch

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
	"runner/arch/op"
)

// Build adds a layer to a graph: x is the node of its input, the result that of its
// output.
type Build func(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error)

// single is the Build of a layer that is one operation.
func single(layer func(b *Builder) op.Layer) Build {
	return func(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) { return b.Apply(layer(b), x) }
}

// Builder adds layers to one graph.
type Builder struct {
	Batch    *op.Batch
	Training bool // false: evaluation

	graph   *gorgonia.ExprGraph
	layer   *LayerInfo                // being built
	tensors map[string]*gorgonia.Node // of the layers, by name
	pools   []func(size, threads int) kernel.Buffers
}

func newBuilder(batch *op.Batch, training bool, graph *gorgonia.ExprGraph) *Builder {
	return &Builder{Batch: batch, Training: training, graph: graph, tensors: make(map[string]*gorgonia.Node)}
}

// stack adds layers, one after another, which may be inside the one being built.
func (b *Builder) stack(layers []LayerInfo, x *gorgonia.Node) (*gorgonia.Node, error) {
	defer func(outer *LayerInfo) { b.layer = outer }(b.layer)
	for i := range layers {
		b.layer = &layers[i]
		var err error
		if x, err = b.layer.Build(b, x); err != nil {
			return nil, fmt.Errorf("%s: %w", layers[i].Name, err)
		}
	}
	return x, nil
}

// Apply adds the operation of the layer being built, with the layer's tensors.
func (b *Builder) Apply(l op.Layer, x *gorgonia.Node) (*gorgonia.Node, error) {
	var tensors gorgonia.Nodes
	for _, t := range b.layer.Tensors {
		name := b.layer.tensorName(t)
		b.tensors[name] = gorgonia.NewTensor(
			b.graph, tensor.Float32, len(t.Shape), gorgonia.WithName(name), gorgonia.WithShape(t.Shape...))
		tensors = append(tensors, b.tensors[name])
	}
	if l.Pool != nil {
		b.pools = append(b.pools, l.Pool)
	}
	return op.Apply(b.Batch, b.site(), l, x, tensors...)
}

// Reshape adds a view of x as the output of the layer being built.
func (b *Builder) Reshape(x *gorgonia.Node) (*gorgonia.Node, error) {
	return op.Reshape(b.Batch, b.site(), x)
}

func (b *Builder) site() op.Site { return op.Site{Name: b.layer.Name, OutShape: b.layer.Out} }
