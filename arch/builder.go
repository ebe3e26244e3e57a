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

	graph   *gorgonia.ExprGraph
	layer   *LayerInfo                // being built
	tensors map[string]*gorgonia.Node // of the layers, by name
	learns  map[*gorgonia.Node]bool   // nodes that depend on a parameter
	pools   []func(size, threads int) kernel.Buffers
}

func newBuilder(batch *op.Batch, training bool, graph *gorgonia.ExprGraph) *Builder {
	return &Builder{
		Batch: batch, Training: training,
		graph: graph, tensors: make(map[string]*gorgonia.Node), learns: make(map[*gorgonia.Node]bool),
	}
}

// Number is the number of the layer being built, see LayerInfo.
func (b *Builder) Number() int { return b.layer.Number }

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
	at := b.site(x)
	learns := at.NeedsDX
	var tensors []op.Tensor
	for _, t := range b.layer.Tensors {
		name := b.layer.tensorName(t)
		node := gorgonia.NewTensor(b.graph, tensor.Float32, len(t.Shape), gorgonia.WithName(name), gorgonia.WithShape(t.Shape...))
		b.tensors[name] = node
		tensors = append(tensors, op.Tensor{Node: node, Trained: t.Trained})
		learns = learns || t.Trained
	}
	y, err := op.Apply(b.Batch, at, l, x, tensors...)
	if err != nil {
		return nil, err
	}
	if pool := l.Memory().Pool; pool != nil {
		b.pools = append(b.pools, pool)
	}
	b.learns[y] = learns
	return y, nil
}

// Reshape adds a view of x as the output of the layer being built.
func (b *Builder) Reshape(x *gorgonia.Node) (*gorgonia.Node, error) {
	y, err := op.Reshape(b.Batch, b.site(x), x)
	if err == nil {
		b.learns[y] = b.learns[x]
	}
	return y, err
}

// Add adds the sum of two nodes as the output of the layer being built.
func (b *Builder) Add(x, y *gorgonia.Node) (*gorgonia.Node, error) {
	sum, err := op.Add(b.Batch, b.layer.Name, x, y, [2]bool{b.learns[x], b.learns[y]})
	if err == nil {
		b.learns[sum] = b.learns[x] || b.learns[y]
	}
	return sum, err
}

func (b *Builder) site(x *gorgonia.Node) op.Site {
	return op.Site{Name: b.layer.Name, OutShape: b.layer.Out, NeedsDX: b.learns[x]}
}
