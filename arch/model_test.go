package arch

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"runner/arch/kernel"
	"runner/internal/rng"
	"runner/internal/spec"
)

// network places layers in the form of a JSON listing.
func network(t *testing.T, input Shape, classes int, layers []any) *Network {
	t.Helper()
	e := &spec.Experiment{
		Name: "net", Dataset: spec.Item{Kind: "data"},
		Init: spec.Initialisation{Weights: spec.Item{Kind: "he_normal"}, Bias: spec.Item{Kind: "zeros"}},
	}
	if faults := e.Layers.DecodeNode(nodeOf(layers), "layers"); len(faults) > 0 {
		t.Fatal(faults)
	}
	n, _, faults := New(e, input, classes)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return n
}

// TestNetworks holds logits, loss and every gradient of whole networks against
// PyTorch: the training graph's and the evaluation graph's. Where the case has a rate,
// the test takes steps of gradient descent.
func TestNetworks(t *testing.T) {
	var cases []struct {
		Name           string
		Input          Shape
		Classes, Batch int
		Labels         []int32
		Layers         []any
		Rate           float32
	}
	v := loadVectors(t, "networks", &cases)
	pool := kernel.NewPool(2)
	defer pool.Close()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			m, err := network(t, c.Input, c.Classes, c.Layers).Build(t.Context(), pool, c.Batch+3, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range m.Params {
				copy(p.Value, v.get(c.Name+"/parameter/"+p.Name))
			}
			b := m.NewMiniBatch()
			copy(b.Images, v.get(c.Name+"/x"))
			copy(b.Labels, c.Labels)
			b.N = c.Batch
			loss, err := m.Step(b, 1)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, "loss", []float32{float32(loss)}, v.get(c.Name+"/loss"))
			for _, p := range m.Params {
				agree(t, "gradient of "+p.Name, p.Grad, v.get(c.Name+"/gradient/"+p.Name))
			}
			e, err := m.Evaluate(b)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, "logits", e.Logits, v.get(c.Name+"/logits"))
			agree(t, "loss in evaluation", []float32{float32(e.Loss)}, v.get(c.Name+"/loss"))
			if c.Rate == 0 {
				return
			}
			for i, want := range v.get(c.Name + "/step_losses") {
				loss, err := m.Step(b, int64(i+1))
				if err != nil {
					t.Fatal(err)
				}
				agree(t, fmt.Sprintf("loss of step %d", i+1), []float32{float32(loss)}, []float32{want})
				for _, p := range m.Params {
					for j := range p.Value {
						p.Value[j] -= c.Rate * p.Grad[j]
					}
				}
			}
			for _, p := range m.Params {
				agree(t, p.Name+" in the end", p.Value, v.get(c.Name+"/end/"+p.Name))
			}
		})
	}
}

// everyKind is a small network with every kind of layer, dropout included.
var everyKind = []any{
	map[string]any{"avgpool2d": map[string]any{"pool": 2.0, "stride": 1.0}}, // before any parameter
	map[string]any{"conv2d": map[string]any{"filters": 5.0, "kernel": 3.0, "activation": "gelu"}},
	map[string]any{"maxpool2d": map[string]any{"pool": 2.0}},
	map[string]any{"dropout": map[string]any{"rate": 0.2}},
	map[string]any{"conv2d": map[string]any{"filters": 6.0, "kernel": 2.0, "padding": "valid"}},
	map[string]any{"residual": map[string]any{ // the activation must not take the place of what is added
		"layers": []any{
			map[string]any{"activation": "silu"},
			map[string]any{"residual": map[string]any{"layers": []any{
				map[string]any{"conv2d": map[string]any{"filters": 6.0, "kernel": 3.0}},
			}}},
			map[string]any{"dropout": map[string]any{"rate": 0.1}},
		},
	}},
	map[string]any{"residual": map[string]any{
		"layers": []any{map[string]any{"conv2d": map[string]any{"filters": 4.0, "kernel": 2.0, "activation": "elu"}}},
		"shortcut": []any{
			map[string]any{"dropout": map[string]any{"rate": 0.1}},
			map[string]any{"conv2d": map[string]any{"filters": 4.0, "kernel": 1.0}},
		},
	}},
	map[string]any{"activation": "silu"},
	map[string]any{"conv2d": map[string]any{"filters": 8.0, "kernel": 1.0, "activation": "tanh"}},
	"global_avgpool2d",
	"flatten",
	map[string]any{"dense": map[string]any{"units": 7.0, "activation": "elu"}},
	map[string]any{"dense": map[string]any{"units": 4.0}},
}

// random returns a mini-batch of which the first n examples count.
func random(m *Model, n int) *MiniBatch {
	s := rng.New(7, rng.Sample, 0, 0)
	b := m.NewMiniBatch()
	for i := range b.Images {
		b.Images[i] = float32(s.Float64(uint64(i)))
	}
	for i := range b.Labels {
		b.Labels[i] = int32(s.IntN(uint64(len(b.Images)+i), m.classes))
	}
	b.N = n
	return b
}

// TestGradientsByDifferences holds the gradients of a network with every kind of layer
// against central differences of its own loss, with one mask of dropout.
func TestGradientsByDifferences(t *testing.T) {
	const rows, n, eps = 6, 5, 4e-3
	pool := kernel.NewPool(1)
	defer pool.Close()
	m, err := network(t, Shape{9, 8, 3}, 4, everyKind).Build(t.Context(), pool, rows, 3)
	if err != nil {
		t.Fatal(err)
	}
	b := random(m, n)
	loss := func() float64 {
		l, err := m.Step(b, 11)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	loss()
	grads := make([][]float32, len(m.Params))
	for i, p := range m.Params {
		grads[i] = slices.Clone(p.Grad)
	}
	for k, p := range m.Params {
		var scale, worst float64
		for i := range p.Value {
			before := p.Value[i]
			p.Value[i] = before + eps
			up := loss()
			p.Value[i] = before - eps
			down := loss()
			p.Value[i] = before
			difference := (up - down) / (2 * eps)
			scale = max(scale, math.Abs(difference))
			worst = max(worst, math.Abs(difference-float64(grads[k][i])))
		}
		// float32 losses of about 1 leave 1e-7/eps of noise in a difference.
		if worst > 2e-3*scale+1e-4 {
			t.Errorf("%s: gradient off by %g of %g", p.Name, worst, scale)
		}
	}
}

// TestStepsAreTheSameBits takes steps on full and short mini-batches with
// several numbers of threads: losses, gradients and logits are identical.
func TestStepsAreTheSameBits(t *testing.T) {
	const rows = 33
	run := func(threads int) string {
		pool := kernel.NewPool(threads)
		defer pool.Close()
		m, err := network(t, Shape{17, 19, 3}, 4, everyKind).Build(t.Context(), pool, rows, 3)
		if err != nil {
			t.Fatal(err)
		}
		b := random(m, rows)
		var log string
		for step, n := range []int{rows, 1, 7, rows} {
			b.N = n
			loss, err := m.Step(b, int64(step+1))
			if err != nil {
				t.Fatal(err)
			}
			log += fmt.Sprintln(n, loss)
			for _, p := range m.Params {
				log += fmt.Sprintln(p.Name, p.Grad)
				for i := range p.Value {
					p.Value[i] -= 0.1 * p.Grad[i]
				}
			}
			e, err := m.Evaluate(b)
			if err != nil {
				t.Fatal(err)
			}
			log += fmt.Sprintln(e.Loss, e.Predicted, e.Logits)
		}
		return log
	}
	want := run(1)
	if run(1) != want {
		t.Fatal("two runs with one thread differ")
	}
	for _, threads := range []int{2, 3, 16} {
		if run(threads) != want {
			t.Errorf("%d threads give other bits than one", threads)
		}
	}
}

// TestDeadRowsDoNotMatter fills the rows past a short mini-batch with NaN.
func TestDeadRowsDoNotMatter(t *testing.T) {
	const rows, n = 9, 4
	pool := kernel.NewPool(2)
	defer pool.Close()
	m, err := network(t, Shape{9, 8, 3}, 4, everyKind).Build(t.Context(), pool, rows, 3)
	if err != nil {
		t.Fatal(err)
	}
	b := random(m, rows)
	if _, err := m.Step(b, 1); err != nil { // fills the buffers
		t.Fatal(err)
	}
	b.N = n
	want, err := m.Step(b, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := n * 9 * 8 * 3; i < len(b.Images); i++ {
		b.Images[i] = float32(math.NaN())
	}
	got, err := m.Step(b, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("loss %g with NaN in dead rows, %g without", got, want)
	}
	for _, p := range m.Params {
		if slices.ContainsFunc(p.Grad, func(g float32) bool { return g != g }) {
			t.Errorf("NaN of a dead row in the gradient of %s", p.Name)
		}
	}
}
