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

// part is a layer of a test network. Its geometry follows from its input.
type part struct {
	kind             string
	act              kernel.Activation
	layers, shortcut []part // of a residual, which adds them up
}

// network is a graph of parts with values.
type network struct {
	g       *gorgonia.ExprGraph
	results gorgonia.Nodes // logits in evaluation
	loss    *gorgonia.Node
	grads   gorgonia.Nodes // in training
}

const classes = 4

// builder makes a network, each time with the same values.
type builder struct {
	t        rapid.TB
	b        *Batch
	g        *gorgonia.ExprGraph
	training bool
	layers   int // so far
	params   gorgonia.Nodes
}

func (n *builder) value(name string, shape ...int) *gorgonia.Node {
	v := tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))
	for i := range v.Float32s() {
		v.Float32s()[i] = float32(math.Sin(float64(1+i*7+len(name)))) / 2
	}
	return input(n.g, name, v)
}

// build makes a network of parts with a dense layer at its end, as package arch
// does: training or evaluation.
func build(t rapid.TB, b *Batch, training bool, parts []part) network {
	t.Helper()
	n := &builder{t: t, b: b, g: gorgonia.NewGraph(), training: training}
	labels := make([]int32, b.Size)
	for i := range labels {
		labels[i] = int32(i % classes)
	}
	parts = append(slices.Clone(parts), part{kind: "flatten"}, part{kind: "dense"})
	x := n.add(n.value("images", b.Size, 6, 5, 3), parts)
	labelled := input(n.g, "labels", tensor.New(tensor.WithShape(b.Size), tensor.WithBacking(labels)))
	loss, err := SoftmaxCrossEntropy(b, classes, x, labelled)
	if err != nil {
		t.Fatal(err)
	}
	if !training {
		return network{g: n.g, results: gorgonia.Nodes{x}, loss: loss}
	}
	grads, err := Gradients(b, loss, n.params...)
	if err != nil {
		t.Fatal(err)
	}
	return network{g: n.g, loss: loss, grads: grads}
}

// add adds parts, and a view in place of those that do not take the shape they meet.
func (n *builder) add(x *gorgonia.Node, parts []part) *gorgonia.Node {
	n.t.Helper()
	for _, p := range parts {
		if p.kind == "residual" {
			x = n.residual(x, p)
		} else {
			x = n.layer(x, p)
		}
	}
	return x
}

// residual adds both paths and their sum. If their shapes differ, one path gets another
// layer.
func (n *builder) residual(x *gorgonia.Node, p part) *gorgonia.Node {
	n.t.Helper()
	a, b := n.add(x, p.layers), n.add(x, p.shortcut)
	if !a.Shape().Eq(b.Shape()) {
		fit := part{kind: "conv2d"}
		if a.Dims() == 2 {
			fit.kind = "dense"
		}
		if a.Shape().Eq(x.Shape()) {
			a = n.layer(a, fit)
		} else {
			b = n.layer(b, fit)
		}
	}
	n.layers++
	y, err := Add(n.b, fmt.Sprintf("layers.%d.residual", n.layers), a, b)
	if err != nil {
		n.t.Fatal(err)
	}
	return y
}

func (n *builder) layer(x *gorgonia.Node, p part) *gorgonia.Node {
	n.t.Helper()
	b, shape := n.b, []int(x.Shape()[1:])
	size, flat := shape[0], len(shape) == 1
	if !flat {
		size = shape[0] * shape[1] * shape[2]
	}
	n.layers++
	at := Site{Name: fmt.Sprintf("layers.%d.%s", n.layers, p.kind)}
	var layer Layer // without passes: a view
	var own gorgonia.Nodes
	switch {
	case p.kind == "activation":
		layer = Activation(p.act, size)
	case p.kind == "dropout" && n.training:
		layer = Dropout(b.Size, 0.3, n.layers, size)
	case p.kind == "conv2d" && !flat:
		h, w, c := shape[0], shape[1], shape[2]
		layer = Conv2D(b.Size, kernel.Conv2D{
			Window: kernel.Window{
				InH: h, InW: w, C: c, OutH: h, OutW: w,
				SizeH: 3, SizeW: 2, StrideH: 1, StrideW: 1, PadTop: 1,
			},
			OutC: 4, Act: p.act,
		})
		own = gorgonia.Nodes{n.value(at.Name+".kernel", 3, 2, c, 4), n.value(at.Name+".bias", 4)}
		shape = []int{h, w, 4}
	case p.kind == "maxpool2d" && !flat, p.kind == "avgpool2d" && !flat:
		h, w := (shape[0]+1)/2, (shape[1]+1)/2
		pool := kernel.Pool2D{Window: kernel.Window{
			InH: shape[0], InW: shape[1], C: shape[2], OutH: h, OutW: w, SizeH: 2, SizeW: 2, StrideH: 2, StrideW: 2,
		}}
		if layer = AvgPool2D(pool); p.kind == "maxpool2d" {
			layer = MaxPool2D(b.Size, pool)
		}
		shape = []int{h, w, shape[2]}
	case p.kind == "global_avgpool2d" && !flat:
		h, w, c := shape[0], shape[1], shape[2]
		layer = AvgPool2D(kernel.Pool2D{Window: kernel.Window{
			InH: h, InW: w, C: c, OutH: 1, OutW: 1, SizeH: h, SizeW: w, StrideH: h, StrideW: w,
		}})
		shape = shape[2:]
	case p.kind == "flatten":
		shape = []int{size}
	case p.kind == "dense" && flat:
		layer = Conv2D(b.Size, kernel.Dense(size, classes, p.act))
		own = gorgonia.Nodes{n.value(at.Name+".kernel", size, classes), n.value(at.Name+".bias", classes)}
		shape = []int{classes}
	}
	at.OutShape = shape
	var y *gorgonia.Node
	var err error
	if layer.Forward == nil {
		y, err = Reshape(b, at, x)
	} else {
		y, err = Apply(b, at, layer, x, own...)
	}
	if err != nil {
		n.t.Fatal(err)
	}
	n.params = append(n.params, own...)
	return y
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

// poison fills all of the arena that an operation may not read with NaN, just before it
// runs; as an index, NaN is out of every range.
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

// run binds a plan and runs its network twice, on all examples and on fewer. It returns
// the bits of all results and the operations in the order in which they ran. It calls
// poison before each operation and, with the number of operations, before it reads the
// results.
func (n network) run(
	t rapid.TB, b *Batch, p *Plan, poison func(arena []byte, operation int),
) (bits []uint32, ran []*operation) {
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

// checkPlan holds the planned order against the tape machine's, and runs a network with
// everything poisoned that the plan takes for dead: the results must have the same bits as
// when no two buffers share memory.
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
	{kind: "flatten"}, {kind: "activation", act: kernel.Tanh}, // of the images, before any parameter
	{kind: "dense", act: kernel.Sigmoid}, {kind: "dropout"},
	{kind: "activation", act: kernel.SiLU}, {kind: "dense", act: kernel.GELU},
}

var everyPicturePart = []part{
	{kind: "avgpool2d"}, {kind: "conv2d", act: kernel.GELU}, {kind: "maxpool2d"}, {kind: "dropout"}, {kind: "conv2d"},
	{kind: "activation", act: kernel.SiLU}, {kind: "activation", act: kernel.ReLU}, {kind: "conv2d", act: kernel.Tanh},
	{kind: "global_avgpool2d"}, {kind: "flatten"}, {kind: "dropout"}, {kind: "dense", act: kernel.ELU},
}

// branches holds every way in which operations may read one node: the images, a
// view of a node beside it, an activation in its place, one that is read again by
// backward passes, and three times.
var branches = []part{
	{kind: "residual", layers: []part{{kind: "conv2d"}}},
	{kind: "residual", layers: []part{{kind: "activation", act: kernel.ReLU}, {kind: "conv2d"}, {kind: "dropout"}}},
	{kind: "residual",
		layers:   []part{{kind: "activation", act: kernel.SiLU}},
		shortcut: []part{{kind: "activation", act: kernel.Tanh}}},
	{kind: "residual",
		layers: []part{
			{kind: "residual",
				layers:   []part{{kind: "dropout"}, {kind: "activation", act: kernel.GELU}},
				shortcut: []part{{kind: "dropout"}}},
			{kind: "residual"},
		},
		shortcut: []part{{kind: "residual", layers: []part{{kind: "conv2d", act: kernel.ELU}}}}},
	{kind: "flatten"},
	{kind: "residual", layers: []part{{kind: "flatten"}, {kind: "dropout"}}, shortcut: []part{{kind: "flatten"}}},
	{kind: "residual", layers: []part{{kind: "dense", act: kernel.Tanh}}, shortcut: []part{{kind: "dense"}}},
}

func TestPlan(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	for _, parts := range [][]part{nil, everyPart, everyPicturePart, branches} {
		checkPlan(t, pool, parts)
	}
}

// TestPlanOfAnyNetwork draws the layers.
func TestPlanOfAnyNetwork(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	rapid.Check(t, func(t *rapid.T) {
		checkPlan(t, pool, drawParts(t, 8, 3, []string{
			"conv2d", "conv2d", "maxpool2d", "avgpool2d", "global_avgpool2d", "flatten", "dense", "dropout", "activation",
		}))
	})
}

// drawParts draws so many parts at most, with residuals to a depth.
func drawParts(t *rapid.T, most, depth int, kinds []string) []part {
	if depth > 0 {
		kinds = append(slices.Clip(kinds), "residual", "residual")
	}
	parts := make([]part, rapid.IntRange(0, most).Draw(t, "layers"))
	for i := range parts {
		act := rapid.IntRange(0, len(kernel.Activations())-1).Draw(t, "activation")
		parts[i] = part{kind: rapid.SampledFrom(kinds).Draw(t, "kind"), act: kernel.Activation(act)}
		if parts[i].kind == "residual" {
			// Kinds that keep the shape, or come to one that the other path can come to.
			same := []string{"conv2d", "dense", "dropout", "activation"}
			parts[i].layers, parts[i].shortcut = drawParts(t, 3, depth-1, same), drawParts(t, 2, depth-1, same)
		}
	}
	return parts
}

// TestStockOperationsAreRefused: what an operation of Gorgonia reads is unknown, and so is
// the life of its input.
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

// TestSumsTakeAPlace: the sum of two layers and that of two gradients lie where a summand
// lay that nothing needs afterwards. The dense layer below the branch needs its input for
// its own backward pass, and the branch's ReLU its output.
func TestSumsTakeAPlace(t *testing.T) {
	b := &Batch{Size: 5}
	branch := func(act kernel.Activation) part {
		return part{kind: "residual", layers: []part{{kind: "dense", act: act}}}
	}
	// Their sites number the layers from 1: flatten, dense, dense, residual.
	n := build(t, b, true, []part{{kind: "flatten"}, {kind: "dense"}, branch(kernel.Linear), branch(kernel.ReLU)})
	p, err := NewPlan(n.g)
	if err != nil {
		t.Fatal(err)
	}
	place := func(name string) *life {
		t.Helper()
		i := slices.IndexFunc(p.order, func(o *operation) bool { return o.name == name })
		if i < 0 {
			t.Fatalf("no operation %s among %v", name, p.order)
		}
		for _, l := range p.lives {
			if slices.Contains(l.buffers, p.order[i].out) {
				return l
			}
		}
		t.Fatalf("%s has no place", name)
		return nil
	}
	for _, c := range []struct {
		sum, summand string
		want         bool
	}{
		{"layers.4.residual", "layers.3.dense", true},
		{"layers.4.residual", "layers.2.dense", false},
		{"layers.6.residual", "layers.5.dense", false},
		{"layers.6.residual", "layers.4.residual", false},
		{"layers.4.residual.gradient", "layers.8.dense.backward", true},
		{"layers.2.dense.gradient", "layers.8.dense.backward", true},
	} {
		if got := place(c.sum) == place(c.summand); got != c.want {
			t.Errorf("%s in the place of %s: %t, expected %t", c.sum, c.summand, got, c.want)
		}
	}
}
