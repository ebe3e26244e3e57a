package op

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
	"runner/internal/checkpoint"
)

// input adds a node with a value to a graph.
func input(g *gorgonia.ExprGraph, name string, value *tensor.Dense) *gorgonia.Node {
	return gorgonia.NewTensor(g, value.Dtype(), value.Dims(), gorgonia.WithName(name),
		gorgonia.WithShape(value.Shape()...), gorgonia.WithValue(value))
}

// TestSoftmaxCrossEntropy holds the loss and its gradient against PyTorch, with
// rows past the live ones, huge logits and equal logits among the cases.
func TestSoftmaxCrossEntropy(t *testing.T) {
	text, err := os.ReadFile("../../testdata/pytorch/layers.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Kind       string
		N, Rows, Classes int
		Labels           []int32
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	file, err := checkpoint.Read("../../testdata/pytorch/layers.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	vectors := make(map[string][]float32)
	for _, v := range file.Tensors {
		vectors[v.Name] = v.Data
	}
	pool := kernel.NewPool(2)
	defer pool.Close()
	tested := 0
	for _, c := range cases {
		if c.Kind != "softmax_cross_entropy" {
			continue
		}
		tested++
		g := gorgonia.NewGraph()
		logits := input(g, "logits",
			tensor.New(tensor.WithShape(c.Rows, c.Classes), tensor.WithBacking(vectors[c.Name+"/logits"])))
		labels := input(g, "labels", tensor.New(tensor.WithShape(c.Rows), tensor.WithBacking(c.Labels)))
		b := &Batch{Pool: pool, Size: c.Rows, N: c.N}
		loss, err := SoftmaxCrossEntropy(b, c.Classes, logits, labels)
		if err != nil {
			t.Fatal(err)
		}
		grads, err := Gradients(b, loss, logits)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := NewPlan(g, grads[0])
		if err != nil {
			t.Fatal(err)
		}
		Bind(plan)
		if err := gorgonia.NewTapeMachine(g).RunAll(); err != nil {
			t.Fatal(err)
		}
		got := float64(*loss.Value().(*gorgonia.F32))
		if want := float64(vectors[c.Name+"/loss"][0]); math.Abs(got-want) > 1e-5*math.Abs(want) {
			t.Errorf("%s: loss %g, expected %g", c.Name, got, want)
		}
		var scale, worst float64
		dlogits := floats(grads[0].Value())
		for i, want := range vectors[c.Name+"/dlogits"] {
			scale = max(scale, math.Abs(float64(want)))
			worst = max(worst, math.Abs(float64(dlogits[i]-want)))
		}
		if !(worst <= 1e-5*scale) {
			t.Errorf("%s: gradient off by %g of %g", c.Name, worst, scale)
		}
	}
	if tested == 0 {
		t.Error("no reference case")
	}
}

// broken is the forward pass of a layer that panics.
func broken(*Batch, Pass) { panic("out of range") }

// TestPanicsBecomeErrors runs a layer that panics: the tape machine runs it in
// a goroutine of its own, where nobody else could recover.
func TestPanicsBecomeErrors(t *testing.T) {
	g := gorgonia.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float32)))
	at := Site{Name: "layers.0.broken", OutShape: []int{3}}
	if _, err := Apply(&Batch{Size: 2, N: 2}, at, Layer{Forward: broken}, x); err != nil {
		t.Fatal(err)
	}
	err := gorgonia.NewTapeMachine(g).RunAll()
	if err == nil || !strings.Contains(err.Error(), "layers.0.broken: out of range") {
		t.Errorf("error %v, expected it to name the layer", err)
	}
	var crash *PanicError
	if !errors.As(err.(interface{ Err() error }).Err(), &crash) || !strings.Contains(crash.Stack, "op.broken") {
		t.Errorf("error %#v, expected a PanicError with the stack of the layer", err)
	}
}

// TestEqualLayersStayApart adds the same layer twice to the same input. Gorgonia would
// mistake the second for the first.
func TestEqualLayersStayApart(t *testing.T) {
	g := gorgonia.NewGraph()
	x := input(g, "x", tensor.New(tensor.WithShape(2, 3), tensor.Of(tensor.Float32)))
	b := &Batch{Size: 2, N: 2}
	at := Site{Name: "layers.0.activation", OutShape: []int{3}}
	one, err := Apply(b, at, Activation(kernel.ReLU, 3), x)
	if err != nil {
		t.Fatal(err)
	}
	two, err := Apply(b, at, Activation(kernel.ReLU, 3), x)
	if err != nil {
		t.Fatal(err)
	}
	if one == two {
		t.Error("two layers became one node")
	}
}

// idle is a layer that does nothing, with all that a layer may ask for.
func idle(kept, dz *Buffer) Layer {
	nothing := func(*Batch, Pass) {}
	return Layer{Forward: nothing, Backward: nothing, ReadsX: true, ReadsY: true, InPlace: true, Kept: kept, DZ: dz}
}

// idleNetwork returns a bound graph of idle layers and views with its gradients.
func idleNetwork(t testing.TB, layers int) (*gorgonia.ExprGraph, *Plan) {
	g := gorgonia.NewGraph()
	zeros := func(name string, shape ...int) *gorgonia.Node {
		return input(g, name, tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32)))
	}
	x := zeros("x", 2, 3)
	y := x
	wrt := gorgonia.Nodes{x}
	b := &Batch{Size: 2, N: 2}
	for i := range layers {
		at := Site{Name: fmt.Sprintf("layers.%d.idle", i), OutShape: []int{3}}
		params := gorgonia.Nodes{zeros(at.Name+".kernel", 3), zeros(at.Name+".bias", 1)}
		var err error
		if y, err = Apply(b, at, idle(newBuffer(6), newBuffer(6)), y, params...); err != nil {
			t.Fatal(err)
		}
		at.Name += ".view"
		if y, err = Reshape(b, at, y); err != nil {
			t.Fatal(err)
		}
		wrt = append(wrt, params...)
	}
	if _, err := Backpropagate(b, y, zeros("dy", 2, 3), wrt...); err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(g, y)
	if err != nil {
		t.Fatal(err)
	}
	Bind(p)
	return g, p
}

// TestOperationsAllocateNothing runs each operation with what a tape machine
// gave it.
func TestOperationsAllocateNothing(t *testing.T) {
	g, p := idleNetwork(t, 2)
	given := make([][]gorgonia.Value, len(p.order))
	for i, o := range p.order {
		do := o.do
		o.do = func(in []gorgonia.Value) {
			given[i] = in
			do(in)
		}
	}
	if err := gorgonia.NewTapeMachine(g).RunAll(); err != nil {
		t.Fatal(err)
	}
	for i, o := range p.order {
		if n := testing.AllocsPerRun(10, func() { o.Do(given[i]...) }); n > 0 {
			t.Errorf("%v allocates %g objects", o, n)
		}
	}
}

// BenchmarkTapeMachine is what a step costs without its arithmetic: a graph of
// operations that do nothing.
func BenchmarkTapeMachine(b *testing.B) {
	g, p := idleNetwork(b, 7)
	machine := gorgonia.NewTapeMachine(g)
	b.ReportAllocs()
	for b.Loop() {
		if err := machine.RunAll(); err != nil {
			b.Fatal(err)
		}
		machine.Reset()
	}
	b.ReportMetric(float64(len(p.order)), "operations")
}
