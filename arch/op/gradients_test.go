package op

import (
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
)

// TestGradientsAddUp sends a gradient back to a node that is read four times: twice by one
// operation, through a view, and past them all. The last row is not live.
func TestGradientsAddUp(t *testing.T) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	g := gorgonia.NewGraph()
	b := &Batch{Pool: pool, Size: 3, N: 2}
	values := func(name string, data ...float32) *gorgonia.Node {
		return input(g, name, tensor.New(tensor.WithShape(3, 2), tensor.WithBacking(data)))
	}
	x, dy := values("x", 1, 2, 3, 4, 5, 6), values("dy", 1, 10, 100, 1000, -1, -1)
	add := func(name string, x, y *gorgonia.Node) *gorgonia.Node {
		sum, err := Add(b, name, x, y)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	view, err := Reshape(b, Site{Name: "view", OutShape: []int{2}}, x)
	if err != nil {
		t.Fatal(err)
	}
	y := add("all", add("three", add("two", x, x), view), x)
	grads, err := Backpropagate(b, y, dy, x)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := NewPlan(g, y, grads[0])
	if err != nil {
		t.Fatal(err)
	}
	Bind(plan)
	if err := gorgonia.NewTapeMachine(g).RunAll(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		got, want []float32
	}{
		{"y", floats(y.Value()), []float32{4, 8, 12, 16, 0, 0}},
		{"dx", floats(grads[0].Value()), []float32{4, 40, 400, 4000, 0, 0}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s = %v, expected %v", c.name, c.got, c.want)
		}
	}
}

// TestNoGradients asks for the gradient of a node that the result does not depend on, and
// of a parameter of two layers.
func TestNoGradients(t *testing.T) {
	g := gorgonia.NewGraph()
	b := &Batch{Size: 2}
	zeros := func(name string, shape ...int) *gorgonia.Node {
		return input(g, name, tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32)))
	}
	x, dy, kernel, bias := zeros("x", 2, 3), zeros("dy", 2, 3), zeros("kernel", 3), zeros("bias", 1)
	y := x
	for _, name := range []string{"one", "two"} {
		var err error
		if y, err = Apply(b, Site{Name: name, OutShape: []int{3}}, idle(nil, nil), y, kernel, bias); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Add(b, "sum", y, zeros("z", 2, 4)); err == nil || !strings.Contains(err.Error(), "(2, 4) to (2, 3)") {
		t.Errorf("error %v of a sum of two shapes", err)
	}
	const twice = "kernel is a parameter of two layers"
	if _, err := Backpropagate(b, y, dy, kernel); err == nil || !strings.Contains(err.Error(), twice) {
		t.Errorf("error %v of a parameter of two layers", err)
	}
	loss, err := SoftmaxCrossEntropy(b, 3, zeros("logits", 2, 3), zeros("labels", 2))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Gradients(b, loss, x); err == nil || !strings.Contains(err.Error(), "x has no gradient") {
		t.Errorf("error %v of a loss that does not depend on x", err)
	}
}
