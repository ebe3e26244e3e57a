package op

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
	"pgregory.net/rapid"

	"runner/arch/kernel"
)

// part is a layer of a network for tests. Its geometry follows from its input.
type part struct {
	kind string
	act  kernel.Activation
}

// network is a graph of parts, of the layers' own memory and with values.
type network struct {
	g       *gorgonia.ExprGraph
	results gorgonia.Nodes // logits in evaluation
	loss    *gorgonia.Node
	grads   gorgonia.Nodes // in training
}

const classes = 4

// build makes a network of parts with a dense layer at its end, as package arch
// does: training or evaluation. Its values are the same each time.
func build(t rapid.TB, b *Batch, training bool, parts []part) network {
	t.Helper()
	g := gorgonia.NewGraph()
	value := func(name string, shape ...int) *gorgonia.Node {
		v := tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))
		for i := range v.Float32s() {
			v.Float32s()[i] = float32(math.Sin(float64(1+i*7+len(name)))) / 2
		}
		return input(g, name, v)
	}
	labels := make([]int32, b.Size)
	for i := range labels {
		labels[i] = int32(i % classes)
	}
	shape := []int{6, 5, 3}
	x := value("images", append([]int{b.Size}, shape...)...)
	learns := false
	var params gorgonia.Nodes
	for i, p := range append(slices.Clone(parts), part{"flatten", 0}, part{"dense", kernel.Linear}) {
		size := tensor.Shape(shape).TotalSize()
		at := Site{Name: fmt.Sprintf("layers.%d.%s", i, p.kind), NeedsDX: learns}
		var layer Layer // nil: a view
		var own gorgonia.Nodes
		flat := len(shape) == 1
		switch {
		case p.kind == "activation":
			layer = Activation(p.act, size)
		case p.kind == "dropout" && training:
			layer = Dropout(b.Size, 0.3, i, size)
		case p.kind == "conv2d" && !flat:
			h, w, c := shape[0], shape[1], shape[2]
			layer = Conv2D(b.Size, kernel.Conv2D{
				InH: h, InW: w, InC: c, OutH: h, OutW: w, OutC: 4,
				KernelH: 3, KernelW: 2, StrideH: 1, StrideW: 1, PadTop: 1, Act: p.act,
			})
			own = gorgonia.Nodes{value(at.Name+".kernel", 3, 2, c, 4), value(at.Name+".bias", 4)}
			shape = []int{h, w, 4}
		case p.kind == "maxpool2d" && !flat, p.kind == "avgpool2d" && !flat:
			h, w := (shape[0]+1)/2, (shape[1]+1)/2
			window := kernel.Window{
				InH: shape[0], InW: shape[1], C: shape[2], OutH: h, OutW: w, PoolH: 2, PoolW: 2, StrideH: 2, StrideW: 2,
			}
			if layer = AvgPool2D(window); p.kind == "maxpool2d" {
				layer = MaxPool2D(b.Size, window)
			}
			shape = []int{h, w, shape[2]}
		case p.kind == "global_avgpool2d" && !flat:
			layer = GlobalAvgPool2D(shape[0]*shape[1], shape[2])
			shape = shape[2:]
		case p.kind == "flatten":
			shape = []int{size}
		case p.kind == "dense" && flat:
			layer = Dense(b.Size, kernel.Dense{In: size, Out: classes, Act: p.act})
			own = gorgonia.Nodes{value(at.Name+".kernel", size, classes), value(at.Name+".bias", classes)}
			shape = []int{classes}
		}
		at.OutShape = shape
		var err error
		if layer == nil {
			x, err = Reshape(b, at, x)
		} else {
			x, err = Apply(b, at, layer, x, own...)
		}
		if err != nil {
			t.Fatal(err)
		}
		learns = learns || len(own) > 0
		params = append(params, own...)
	}
	loss, err := SoftmaxCrossEntropy(b, classes, x, input(g, "labels", tensor.New(tensor.WithShape(b.Size), tensor.WithBacking(labels))))
	if err != nil {
		t.Fatal(err)
	}
	if !training {
		return network{g: g, results: gorgonia.Nodes{x}, loss: loss}
	}
	grads, err := gorgonia.Grad(loss, params...)
	if err != nil {
		t.Fatal(err)
	}
	return network{g: g, loss: loss, grads: grads}
}

// apart plans a network with a place of its own for each buffer.
func apart(t rapid.TB, n network) *Plan {
	t.Helper()
	order, err := executionOrder(n.g)
	if err != nil {
		t.Fatal(err)
	}
	p := &Plan{order: order}
	p.live(n.results)
	for _, l := range p.lives {
		l.offset = p.Arena
		p.Arena += roundUp(l.bytes)
	}
	return p
}

// poison fills all of the arena that holds nothing an operation may read, just
// before it runs, with NaN; as an index NaN is out of every range.
func (p *Plan) poison(arena []byte, operation int) {
	before := slices.Clone(arena)
	for i := 0; i < len(arena); i += 4 {
		copy(arena[i:], []byte{0, 0, 0xc0, 0x7f})
	}
	for _, l := range p.lives {
		if l.first < operation && operation <= l.last {
			copy(arena[l.offset:][:l.bytes], before[l.offset:])
		}
	}
}

// run binds a plan and runs its network twice, on all examples and on fewer.
// It returns the bits of all results and the operations in the order in which
// they ran. poison is called before each operation, and with their number
// before the results are read.
func (n network) run(t rapid.TB, b *Batch, p *Plan, poison func(arena []byte, operation int)) (bits []uint32, ran []*operation) {
	t.Helper()
	arena := aligned(p.Arena)
	p.bind(arena)
	for i, o := range p.order {
		do := o.do
		o.do = func(in []gorgonia.Value) {
			ran = append(ran, o)
			poison(arena, i)
			do(in)
		}
	}
	note := func(values []float32) {
		for _, v := range values {
			if v != v {
				t.Fatalf("NaN among the results of %v", p.order)
			}
			bits = append(bits, math.Float32bits(v))
		}
	}
	machine := gorgonia.NewTapeMachine(n.g)
	for step, examples := range []int{b.Size, b.Size - 2} {
		b.N, b.Step = examples, int64(step)
		if err := machine.RunAll(); err != nil {
			t.Fatal(err)
		}
		poison(arena, len(p.order))
		note([]float32{float32(*n.loss.Value().(*gorgonia.F32))})
		for _, result := range n.results {
			note(floats(result.Value())[:examples*classes])
		}
		for _, grad := range n.grads {
			values, err := Gradient(grad)
			if err != nil {
				t.Fatal(err)
			}
			note(values)
		}
		machine.Reset()
	}
	return bits, ran
}

// checkPlan holds the planned order against the tape machine's, and runs a
// network with everything poisoned that the plan takes for dead: the results
// must have the bits that they have when no two buffers share memory.
func checkPlan(t rapid.TB, pool *kernel.Pool, parts []part) {
	t.Helper()
	for _, training := range []bool{true, false} {
		b := &Batch{Pool: pool, Size: 5, Seed: 3}
		reference := build(t, b, training, parts)
		want, _ := reference.run(t, b, apart(t, reference), func([]byte, int) {})

		n := build(t, b, training, parts)
		p, err := NewPlan(n.g, n.results...)
		if err != nil {
			t.Fatal(err)
		}
		got, ran := n.run(t, b, p, p.poison)
		if !slices.Equal(got, want) {
			t.Errorf("%v, training %t: the plan changes the results", parts, training)
		}
		if twice := append(slices.Clone(p.order), p.order...); !slices.Equal(ran, twice) {
			t.Errorf("%v, training %t: ran %v, planned %v", parts, training, ran, p.order)
		}
	}
}

// everyPart holds every kind of layer, and activations whose gradient needs
// their input and their output.
var everyPart = []part{
	{"flatten", 0}, {"activation", kernel.Tanh}, // of the images, before any parameter
	{"dense", kernel.Sigmoid}, {"dropout", 0}, {"activation", kernel.SiLU}, {"dense", kernel.GELU},
}

var everyPicturePart = []part{
	{"avgpool2d", 0}, {"conv2d", kernel.GELU}, {"maxpool2d", 0}, {"dropout", 0}, {"conv2d", kernel.Linear}, {"activation", kernel.SiLU},
	{"activation", kernel.ReLU}, {"conv2d", kernel.Tanh}, {"global_avgpool2d", 0}, {"flatten", 0}, {"dropout", 0}, {"dense", kernel.ELU},
}

func TestPlan(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	for _, parts := range [][]part{nil, everyPart, everyPicturePart} {
		checkPlan(t, pool, parts)
	}
}

// TestPlanOfAnyNetwork draws the layers.
func TestPlanOfAnyNetwork(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	kinds := rapid.SampledFrom([]string{
		"conv2d", "conv2d", "maxpool2d", "avgpool2d", "global_avgpool2d", "flatten", "dense", "dropout", "activation",
	})
	rapid.Check(t, func(t *rapid.T) {
		parts := make([]part, rapid.IntRange(0, 8).Draw(t, "layers"))
		for i := range parts {
			act := rapid.IntRange(0, len(kernel.Activations())-1).Draw(t, "activation")
			parts[i] = part{kinds.Draw(t, "kind"), kernel.Activation(act)}
		}
		checkPlan(t, pool, parts)
	})
}

// TestStockOperationsAreRefused: what an operation of Gorgonia's reads is not
// known, so its input's life is not either.
func TestStockOperationsAreRefused(t *testing.T) {
	g := gorgonia.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float32)))
	if _, err := gorgonia.Square(x); err != nil {
		t.Fatal(err)
	}
	if _, err := NewPlan(g); err == nil {
		t.Error("a plan of a graph with a stock operation")
	}
}
