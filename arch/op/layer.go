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
	N    int   // live examples, 1 to Size
	Seed int64 // of the run
	Step int64 // of the training; dropout draws a new mask for each

	// Watch, unless nil, receives the live part of each layer's output right after
	// its forward pass.
	Watch func(site string, y []float32)
}

// watch shows Watch a buffer of the given shape, (Size, ...).
func (b *Batch) watch(site string, y *Buffer, shape tensor.Shape) {
	if b.Watch != nil {
		b.Watch(site, y.floats()[:b.N*shape.TotalSize()/b.Size])
	}
}

// Layer is the arithmetic of one layer on a mini-batch, and the memory it needs
// besides its output and the gradients. It holds buffers, so each graph has its own.
type Layer struct {
	// Forward computes Y from X and the tensors. In training it may update state,
	// such as running means, which evaluation reads.
	Forward func(b *Batch, p Pass)
	// Backward computes DX and the DTensors from DY. It reads X and Y only if the
	// layer says so.
	Backward func(b *Batch, p Pass)

	// What Backward does not read need not outlive the forward pass.
	ReadsX, ReadsY bool
	InPlace        bool    // Y may be X, and DX may be DY: each element depends on its own alone
	Kept           *Buffer // from Forward to Backward; no memory where there is no Backward
	DZ             *Buffer // of Backward: the gradient before the activation, which may be DY

	// Pool, unless nil, returns the buffers that both passes use of a pool of so many
	// threads, for mini-batches of size examples.
	Pool func(size, threads int) kernel.Buffers
}

// Pass is the memory of one pass. All slices are whole buffers, Batch.Size examples
// long; only the first Batch.N examples are read or written.
type Pass struct {
	X, Y, DY []float32
	DX       []float32   // nil: not wanted
	Tensors  [][]float32 // of the layer
	DTensors [][]float32 // nil for tensors whose gradient is not wanted
}

// Site says where in a graph a layer is applied.
type Site struct {
	Name     string // for messages, such as layers.0.conv2d
	OutShape []int  // of one example
}

// Apply adds a layer to the graph of x and returns the node of its output,
// shaped (Batch.Size, OutShape...).
func Apply(b *Batch, at Site, l Layer, x *gorgonia.Node, tensors ...*gorgonia.Node) (*gorgonia.Node, error) {
	shape := append(tensor.Shape{b.Size}, at.OutShape...)
	y := newBuffer(shape.TotalSize())
	if l.InPlace {
		y.inPlaceOf(bufferOf(x))
	}
	values := make([][]float32, len(tensors))
	return insert(&operation{
		name:  at.Name,
		shape: shape,
		do: func(in []gorgonia.Value) {
			l.Forward(b, Pass{X: floats(in[0]), Y: y.floats(), Tensors: fill(values, in[1:])})
			b.watch(at.Name, y, shape)
		},
		differentiate: func(in gorgonia.Nodes, needs []bool, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
			return l.differentiate(b, at.Name, in, needs, y, dy)
		},
		uses:  []*Buffer{bufferOf(x), y},
		keeps: l.Kept,
		out:   y,
	}, append(gorgonia.Nodes{x}, tensors...)...)
}

// differentiate adds the backward pass of a layer: one operation for all
// gradients, and for each tensor that needs one an operation whose output it is.
// It returns the gradients of x and of the layer's tensors.
func (l Layer) differentiate(
	b *Batch, name string, in gorgonia.Nodes, needs []bool, y, dy *gorgonia.Node,
) (gorgonia.Nodes, error) {
	x, tensors := in[0], in[1:]
	inputs := gorgonia.Nodes{dy}
	o := &operation{name: name + ".backward", uses: []*Buffer{bufferOf(dy), l.Kept, l.DZ}}
	if l.ReadsX {
		inputs, o.uses = append(inputs, x), append(o.uses, bufferOf(x))
	}
	if l.ReadsY {
		o.uses = append(o.uses, bufferOf(y))
	}
	// What Forward kept comes with y: a tape machine orders by inputs alone.
	takesY := l.ReadsY || l.Kept != nil
	if takesY {
		inputs = append(inputs, y)
	}
	if l.DZ != nil {
		l.DZ.inPlaceOf(bufferOf(dy))
	}

	var dx *Buffer
	if needs[0] {
		o.shape = x.Shape()
		dx = newBuffer(o.shape.TotalSize())
		if l.InPlace {
			dx.inPlaceOf(bufferOf(dy))
		}
		o.out, o.uses = dx, append(o.uses, dx)
	} else {
		// The tensors' gradients still need an output to hang on: one element.
		o.shape, o.out = tensor.Shape{1}, newBuffer(1)
	}

	grads := make([]*Buffer, len(tensors))
	for i, t := range tensors {
		if needs[1+i] {
			grads[i] = newBuffer(t.Shape().TotalSize())
		}
	}
	values, dtensors := make([][]float32, len(tensors)), make([][]float32, len(tensors))
	o.do = func(in []gorgonia.Value) {
		p := Pass{DY: floats(in[0]), DX: dx.floats(), DTensors: dtensors}
		in = in[1:]
		if l.ReadsX {
			p.X, in = floats(in[0]), in[1:]
		}
		if l.ReadsY {
			p.Y = floats(in[0])
		}
		if takesY {
			in = in[1:]
		}
		for i, g := range grads {
			dtensors[i] = g.floats()
		}
		p.Tensors = fill(values, in)
		l.Backward(b, p)
	}
	backward, err := insert(o, append(inputs, tensors...)...)
	if err != nil {
		return nil, err
	}
	nodes := make(gorgonia.Nodes, len(in))
	if needs[0] {
		nodes[0] = backward
	}
	for i, t := range tensors {
		if grads[i] == nil {
			continue
		}
		nodes[1+i], err = insert(&operation{
			name:  fmt.Sprintf("%s.gradient.%d", name, i),
			shape: t.Shape(),
			do:    func([]gorgonia.Value) {},
			out:   grads[i],

			parameterGradient: true,
		}, backward)
		if err != nil {
			return nil, err
		}
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
