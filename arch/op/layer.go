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

	// Watch, unless nil, is shown the output of each layer's forward pass, of the
	// examples that are alive, right after it was computed.
	Watch func(site string, y []float32)
}

// watch shows Watch a buffer of the given shape, (Size, ...).
func (b *Batch) watch(site string, y *Buffer, shape tensor.Shape) {
	if b.Watch != nil {
		b.Watch(site, y.floats()[:b.N*shape.TotalSize()/b.Size])
	}
}

// Layer is the arithmetic of one layer on a mini-batch. All slices are the
// whole buffers, Batch.Size examples long; only the first Batch.N examples are
// read or written. A Layer holds the buffers that Memory names, so each graph
// has its own.
type Layer interface {
	// Memory says which memory the passes need. It is always the same.
	Memory() Memory
	// Forward computes y from x and the layer's tensors. In training it may update
	// those that are not trained, such as running means, which evaluation reads.
	Forward(b *Batch, x []float32, tensors [][]float32, y []float32)
	// Backward computes the gradients of x and of the trained tensors from dy, the
	// gradient of y. x and y are nil unless Memory says that it reads them. dx
	// is nil where no gradient of x is wanted, which happens to layers with
	// trained tensors only: the others are then left out. dtensors is nil for a
	// tensor that is not trained.
	Backward(b *Batch, x, y, dy []float32, tensors [][]float32, dx []float32, dtensors [][]float32)
}

// Tensor is a node of the graph's whose value a layer keeps.
type Tensor struct {
	*gorgonia.Node
	Trained bool // it receives a gradient: it is a parameter
}

// Memory is what a layer's passes need in memory besides the output and the
// gradients. What Backward does not read need not outlive the forward pass.
type Memory struct {
	ReadsX, ReadsY bool    // in Backward
	InPlace        bool    // y may be x, and dx may be dy: each element depends on its own alone
	Kept           *Buffer // from Forward to Backward; no memory where there is no Backward
	DZ             *Buffer // of Backward: the gradient before the activation, which may be dy

	// Pool, unless nil, tells the buffers of a pool of so many threads that both
	// passes use for mini-batches of size examples.
	Pool func(size, threads int) kernel.Buffers
}

// Site says where in a graph a layer is applied.
type Site struct {
	Name     string // for messages, such as layers.0.conv2d
	OutShape []int  // of one example
	NeedsDX  bool   // a gradient with regard to x is wanted
}

// Apply adds a layer to the graph of x and returns the node of its output,
// shaped (Batch.Size, OutShape...).
func Apply(b *Batch, at Site, l Layer, x *gorgonia.Node, tensors ...Tensor) (*gorgonia.Node, error) {
	shape := append(tensor.Shape{b.Size}, at.OutShape...)
	m := l.Memory()
	y := newBuffer(shape.TotalSize())
	if m.InPlace {
		y.inPlaceOf(bufferOf(x))
	}
	values := make([][]float32, len(tensors))
	forward := &operation{
		name:   at.Name,
		output: typeOf(shape),
		shape:  shape,
		needs:  []bool{at.NeedsDX},
		do: func(in []gorgonia.Value) {
			l.Forward(b, floats(in[0]), fill(values, in[1:]), y.floats())
			b.watch(at.Name, y, shape)
		},
		uses:  []*Buffer{bufferOf(x), y},
		keeps: m.Kept,
		out:   y,
	}
	inputs := gorgonia.Nodes{x}
	for _, t := range tensors {
		forward.needs = append(forward.needs, t.Trained)
		inputs = append(inputs, t.Node)
	}
	forward.symdiff = func(in gorgonia.Nodes, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
		return differentiate(b, at, l, in, forward.needs, y, dy)
	}
	return insert(forward, inputs...)
}

// differentiate adds the backward pass of a layer: one operation for all
// gradients, and for each parameter one whose output its gradient is. It returns
// the gradients of x and of the layer's tensors, nil where none is needed.
func differentiate(b *Batch, at Site, l Layer, in gorgonia.Nodes, needs []bool, y, dy *gorgonia.Node) (gorgonia.Nodes, error) {
	x, tensors := in[0], in[1:]
	m := l.Memory()
	o := &operation{name: at.Name + ".backward", uses: []*Buffer{bufferOf(dy), m.Kept, m.DZ}}
	inputs := gorgonia.Nodes{dy}
	if m.ReadsX {
		inputs = append(inputs, x)
		o.uses = append(o.uses, bufferOf(x))
	}
	if m.ReadsY {
		o.uses = append(o.uses, bufferOf(y))
	}
	// What Forward kept comes with y: a tape machine orders by inputs alone.
	takesY := m.ReadsY || m.Kept != nil
	if takesY {
		inputs = append(inputs, y)
	}
	if m.DZ != nil {
		m.DZ.inPlaceOf(bufferOf(dy))
	}

	var dx *Buffer
	if at.NeedsDX {
		o.shape = x.Shape()
		dx = newBuffer(o.shape.TotalSize())
		if m.InPlace {
			dx.inPlaceOf(bufferOf(dy))
		}
		o.out, o.uses = dx, append(o.uses, dx)
	} else {
		// The operation still has to return something for the parameters'
		// gradients to hang on: one element.
		o.shape = tensor.Shape{1}
		o.out = newBuffer(1)
	}
	o.output = typeOf(o.shape)

	grads := make([]*Buffer, len(tensors))
	for i, t := range tensors {
		if needs[1+i] {
			grads[i] = newBuffer(t.Shape().TotalSize())
		}
	}
	values, dtensors := make([][]float32, len(tensors)), make([][]float32, len(tensors))
	o.do = func(in []gorgonia.Value) {
		dy, in := floats(in[0]), in[1:]
		var x, y []float32
		if m.ReadsX {
			x, in = floats(in[0]), in[1:]
		}
		if takesY {
			if m.ReadsY {
				y = floats(in[0])
			}
			in = in[1:]
		}
		for i, g := range grads {
			dtensors[i] = g.floats()
		}
		l.Backward(b, x, y, dy, fill(values, in), dx.floats(), dtensors)
	}
	backward, err := insert(o, append(inputs, tensors...)...)
	if err != nil {
		return nil, err
	}
	nodes := make(gorgonia.Nodes, len(in))
	if at.NeedsDX {
		nodes[0] = backward
	}
	for i, t := range tensors {
		if grads[i] == nil {
			continue
		}
		nodes[1+i], err = insert(&operation{
			name:   fmt.Sprintf("%s.gradient.%d", at.Name, i),
			output: typeOf(t.Shape()),
			shape:  t.Shape(),
			do:     func([]gorgonia.Value) {},
			out:    grads[i],

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
