package op

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
)

// Batch is what all operations of a graph share. The owner of the graph sets
// N and Step before each run.
type Batch struct {
	Pool *kernel.Pool
	Size int   // examples that the buffers hold
	N    int   // examples that are alive, 1 to Size
	Seed int64 // of the run
	Step int64 // of the training; dropout draws a new mask for each
}

// Layer is the arithmetic of one layer on a mini-batch. All slices are the
// whole buffers, Batch.Size examples long; only the first Batch.N examples are
// read or written. A Layer may keep buffers of its own between Forward and
// Backward, so each graph has its own.
type Layer interface {
	// Forward computes y from x and the parameters.
	Forward(b *Batch, x []float32, params [][]float32, y []float32)
	// Backward computes the gradients of x and of the parameters from dy, the
	// gradient of y. dx is nil where no gradient of x is wanted, which happens
	// to layers with parameters only: the others are then left out.
	Backward(b *Batch, x, y, dy []float32, params [][]float32, dx []float32, dparams [][]float32)
}

// Site says where in a graph a layer is applied.
type Site struct {
	Name     string // for messages, such as layers.0.conv2d
	OutShape []int  // of one example
	NeedsDX  bool   // a gradient with regard to x is wanted
}

// Apply adds a layer to the graph of x and returns the node of its output,
// shaped (Batch.Size, OutShape...).
func Apply(b *Batch, at Site, l Layer, x *gorgonia.Node, params ...*gorgonia.Node) (*gorgonia.Node, error) {
	y := newTensor(append([]int{b.Size}, at.OutShape...)...)
	weights := make([][]float32, len(params))
	forward := &operation{
		name:   at.Name,
		output: typeOf(y.Shape()),
		shape:  y.Shape(),
		needs:  []bool{at.NeedsDX},
		do: func(in []gorgonia.Value) gorgonia.Value {
			l.Forward(b, floats(in[0]), fill(weights, in[1:]), y.Float32s())
			return y
		},
	}
	for range params {
		forward.needs = append(forward.needs, true)
	}
	forward.symdiff = func(in gorgonia.Nodes, out, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		return differentiate(b, at, l, in, out, dy)
	}
	return insert(forward, append([]*gorgonia.Node{x}, params...)...)
}

// differentiate adds the backward pass of a layer: one operation for all
// gradients and a tap for each parameter. It returns the gradients of x (nil
// where none is wanted) and of the parameters.
func differentiate(b *Batch, at Site, l Layer, in gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
	x, params := in[0], in[1:]
	// Where dx is not wanted the operation still has to return something for
	// its taps to hang on: one element.
	var dx []float32
	out := newTensor(1)
	if at.NeedsDX {
		out = newTensor(x.Shape()...)
		dx = out.Float32s()
	}
	grads := make([]*tensor.Dense, len(params))
	dparams := make([][]float32, len(params))
	for i, p := range params {
		grads[i] = newTensor(p.Shape()...)
		dparams[i] = grads[i].Float32s()
	}
	weights := make([][]float32, len(params))
	backward, err := insert(&operation{
		name:   at.Name + ".backward",
		output: typeOf(out.Shape()),
		shape:  out.Shape(),
		do: func(in []gorgonia.Value) gorgonia.Value {
			x, y, dy := floats(in[0]), floats(in[1]), floats(in[2])
			l.Backward(b, x, y, dy, fill(weights, in[3:]), dx, dparams)
			return out
		},
	}, append([]*gorgonia.Node{x, y, dy}, params...)...)
	if err != nil {
		return nil, err
	}
	nodes := gorgonia.Nodes{nil}
	if at.NeedsDX {
		nodes[0] = backward
	}
	for i, grad := range grads {
		tap, err := insert(&operation{
			name:   fmt.Sprintf("%s.gradient.%d", at.Name, i),
			output: typeOf(grad.Shape()),
			shape:  grad.Shape(),
			grad:   grad,
			do:     func([]gorgonia.Value) gorgonia.Value { return grad },
		}, backward)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, tap)
	}
	return nodes, nil
}

// fill reads the values' slices into dst, so that a step allocates none.
func fill(dst [][]float32, values []gorgonia.Value) [][]float32 {
	for i, v := range values {
		dst[i] = floats(v)
	}
	return dst
}
