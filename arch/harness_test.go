package arch

import (
	"encoding/json"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
	"runner/arch/op"
	"runner/internal/checkpoint"
	"runner/internal/spec"
)

// The tests here compare every kind of layer with PyTorch's reference vectors in
// testdata/pytorch at the root, to max|a-b| <= 1e-5 max|b| over each tensor.

// vectors is a set of reference tensors with its listing.
type vectors struct {
	t       *testing.T
	tensors map[string]checkpoint.Tensor
}

func loadVectors(t *testing.T, name string, listing any) vectors {
	t.Helper()
	base := filepath.Join("..", "testdata", "pytorch", name)
	text, err := os.ReadFile(base + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, listing); err != nil {
		t.Fatal(err)
	}
	file, err := checkpoint.Read(base + ".safetensors")
	if err != nil {
		t.Fatal(err)
	}
	v := vectors{t, make(map[string]checkpoint.Tensor)}
	for _, tensor := range file.Tensors {
		v.tensors[tensor.Name] = tensor
	}
	return v
}

func (v vectors) get(name string) []float32 {
	v.t.Helper()
	tensor, ok := v.tensors[name]
	if !ok {
		v.t.Fatalf("no reference tensor %s", name)
	}
	return tensor.Data
}

// agree compares with a reference.
func agree(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, expected %d", what, len(got), len(want))
		return
	}
	var scale, worst float64
	for i, w := range want {
		scale = max(scale, math.Abs(float64(w)))
		diff := math.Abs(float64(got[i]) - float64(w))
		if math.IsNaN(diff) {
			diff = math.Inf(1)
		}
		worst = max(worst, diff)
	}
	if worst > 1e-5*scale {
		t.Errorf("%s: max|a-b| = %g, more than 1e-5 of max|b| = %g", what, worst, scale)
	}
}

// layerOf decodes a layer from its kind and arguments in a JSON listing.
func layerOf(t *testing.T, kind string, args any) Layer {
	t.Helper()
	layer, _, faults := spec.Choose(spec.Item{Kind: kind, Args: nodeOf(args)}, "layer", "layer", Kinds())
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return layer
}

func nodeOf(v any) spec.Node {
	switch v := v.(type) {
	case map[string]any:
		n := spec.Node{Kind: spec.Map}
		for key, value := range v {
			n.Map = append(n.Map, spec.Entry{Key: key, Value: nodeOf(value)})
		}
		return n
	case []any:
		n := spec.Node{Kind: spec.List}
		for _, value := range v {
			n.List = append(n.List, nodeOf(value))
		}
		return n
	case string:
		return spec.Node{Kind: spec.String, String: v}
	case float64:
		if v == math.Trunc(v) {
			return spec.Node{Kind: spec.Int, Int: int64(v)}
		}
		return spec.Node{Kind: spec.Float, Float: v}
	}
	return spec.Node{}
}

// layerRun is one layer in a graph of its own, with a given gradient of its
// output.
type layerRun struct {
	out    Shape
	y, dx  []float32
	dparam map[string][]float32
}

// runLayer runs a layer forward and backward on the first n of rows examples.
func runLayer(
	t *testing.T, pool *kernel.Pool, l Layer, in Shape, rows, n int, x, dy []float32, params map[string][]float32,
) layerRun {
	t.Helper()
	placed, err := l.Place(in)
	if err != nil {
		t.Fatal(err)
	}
	layers := []LayerInfo{{In: in, Placed: placed}}
	name(layers, "", 0)
	dense := func(shape []int, data []float32) *tensor.Dense {
		full := make([]float32, Shape(shape).Size())
		copy(full, data)
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(full))
	}
	input := func(g *gorgonia.ExprGraph, name string, value *tensor.Dense) *gorgonia.Node {
		return gorgonia.NewTensor(g, tensor.Float32, value.Dims(), gorgonia.WithName(name),
			gorgonia.WithShape(value.Shape()...), gorgonia.WithValue(value))
	}
	g := gorgonia.NewGraph()
	xNode := input(g, "x", dense(append([]int{rows}, in...), x))
	b := newBuilder(&op.Batch{Pool: pool, Size: rows, N: n, Step: 1}, true, g)
	y, err := b.stack(layers, xNode)
	if err != nil {
		t.Fatal(err)
	}
	wrt, learned := gorgonia.Nodes{xNode}, []string(nil)
	for name, tensor := range innerTensors(layers) {
		node := b.tensors[layers[0].Name+"."+name]
		if err := gorgonia.Let(node, dense(node.Shape(), params[name])); err != nil {
			t.Fatal(err)
		}
		if tensor.Trained {
			wrt, learned = append(wrt, node), append(learned, name)
		}
	}
	out := placed.Out
	dyNode := input(g, "dy", dense(append([]int{rows}, out...), dy))
	grads, err := op.Backpropagate(b.Batch, y, dyNode, wrt...)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := op.NewPlan(g, y, grads[0])
	if err != nil {
		t.Fatal(err)
	}
	op.Bind(plan)
	if err := gorgonia.NewTapeMachine(g).RunAll(); err != nil {
		t.Fatal(err)
	}
	value := func(n *gorgonia.Node) []float32 { return n.Value().(*tensor.Dense).Float32s() }
	r := layerRun{
		out: out, y: value(y)[:n*out.Size()], dx: value(grads[0])[:n*in.Size()],
		dparam: make(map[string][]float32),
	}
	for i, name := range learned {
		if r.dparam[name], err = op.Gradient(grads[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// innerTensors yields all tensors of a layer, by their names within it: kernel, or
// layers.0.dense.kernel.
func innerTensors(layers []LayerInfo) iter.Seq2[string, Tensor] {
	return func(yield func(string, Tensor) bool) {
		for name, t := range (&Network{Layers: layers}).tensors() {
			if !yield(strings.TrimPrefix(name, layers[0].Name+"."), t) {
				return
			}
		}
	}
}
