package arch

import (
	"fmt"
	"slices"
	"testing"

	"runner/arch/kernel"
)

// TestLayers holds outputs and all gradients of every kind of layer against
// PyTorch, on a full mini-batch and on the live part of a larger one.
func TestLayers(t *testing.T) {
	var cases []struct {
		Name, Kind    string
		Args          any
		Batch         int
		Input, Output Shape
	}
	v := loadVectors(t, "layers", &cases)
	pool := kernel.NewPool(2)
	defer pool.Close()
	tested := make(map[string]bool)
	for _, c := range cases {
		if c.Kind == "softmax_cross_entropy" {
			continue // see TestSoftmaxCrossEntropy of package op
		}
		tested[c.Kind] = true
		for _, rows := range []int{c.Batch, c.Batch + 2} {
			t.Run(fmt.Sprintf("%s/rows=%d", c.Name, rows), func(t *testing.T) {
				params := make(map[string][]float32)
				layer := layerOf(t, c.Kind, c.Args)
				placed, err := layer.Place(c.Input)
				if err != nil {
					t.Fatal(err)
				}
				layers := []LayerInfo{{Placed: placed}}
				name(layers, "", 0)
				for p := range innerTensors(layers) {
					params[p] = v.get(c.Name + "/" + p)
				}
				r := runLayer(t, pool, layer, c.Input, rows, c.Batch, v.get(c.Name+"/x"), v.get(c.Name+"/dy"), params)
				if !slices.Equal(r.out, c.Output) {
					t.Fatalf("output shape %v, expected %v", r.out, c.Output)
				}
				agree(t, "y", r.y, v.get(c.Name+"/y"))
				agree(t, "dx", r.dx, v.get(c.Name+"/dx"))
				for name, grad := range r.dparam {
					agree(t, "d"+name, grad, v.get(c.Name+"/d"+name))
				}
			})
		}
	}
	for _, k := range Kinds() {
		// Dropout is random: TestDropout.
		if !tested[k.Name] && k.Name != "dropout" {
			t.Errorf("no reference case for %s", k.Name)
		}
	}
}

// TestSamePadding holds TensorFlow's asymmetric padding against PyTorch for
// every kernel 1 to 7, stride 1 to 3 and size 4 to 33, on a row of pixels and
// on a column.
func TestSamePadding(t *testing.T) {
	var cases []struct{ Kernel, Stride, Size, Output, Before, After int }
	v := loadVectors(t, "same", &cases)
	if len(cases) != 7*3*30 {
		t.Fatalf("%d cases, expected %d", len(cases), 7*3*30)
	}
	pool := kernel.NewPool(1)
	defer pool.Close()
	next := make(map[string]int) // where the next result of each tensor begins
	take := func(name string, n int) []float32 {
		start := next[name]
		next[name] += n
		return v.get(name)[start : start+n]
	}
	for _, c := range cases {
		conv := map[string][]float32{
			"y": take("conv2d/y", c.Output), "dx": take("conv2d/dx", c.Size),
			"dkernel": take("conv2d/dkernel", c.Kernel), "dbias": take("conv2d/dbias", 1),
		}
		pools := map[string]map[string][]float32{}
		for _, kind := range []string{"maxpool2d", "avgpool2d"} {
			pools[kind] = map[string][]float32{"y": take(kind+"/y", c.Output), "dx": take(kind+"/dx", c.Size)}
		}
		x, dy := v.get("x")[:c.Size], v.get("dy")[:c.Output]
		params := map[string][]float32{"kernel": v.get("kernel")[:c.Kernel], "bias": v.get("bias")[:1]}
		for _, column := range []bool{false, true} {
			pair := func(n int) any {
				if column {
					return []any{float64(n), 1.0}
				}
				return []any{1.0, float64(n)}
			}
			in := Shape{1, c.Size, 1}
			if column {
				in = Shape{c.Size, 1, 1}
			}
			name := fmt.Sprintf("kernel=%d/stride=%d/size=%d/column=%t", c.Kernel, c.Stride, c.Size, column)
			r := runLayer(t, pool, layerOf(t, "conv2d", map[string]any{
				"filters": 1.0, "kernel": pair(c.Kernel), "stride": pair(c.Stride),
			}), in, 1, 1, x, dy, params)
			agree(t, name+" y", r.y, conv["y"])
			agree(t, name+" dx", r.dx, conv["dx"])
			agree(t, name+" dkernel", r.dparam["kernel"], conv["dkernel"])
			agree(t, name+" dbias", r.dparam["bias"], conv["dbias"])
			for kind, want := range pools {
				r := runLayer(t, pool, layerOf(t, kind, map[string]any{
					"pool": pair(c.Kernel), "stride": pair(c.Stride),
				}), in, 1, 1, x, dy, nil)
				agree(t, name+" "+kind+" y", r.y, want["y"])
				agree(t, name+" "+kind+" dx", r.dx, want["dx"])
			}
		}
	}
}

// TestDropout checks that dropout keeps the expected share, scales what it
// keeps, sends the gradient through the same mask, draws a new mask at every
// step, and that a mask does not depend on the number of threads.
func TestDropout(t *testing.T) {
	const rows, size, rate = 16, 4096, 0.3
	x, dy := make([]float32, rows*size), make([]float32, rows*size)
	for i := range x {
		x[i], dy[i] = 1, 2
	}
	run := func(threads int) layerRun {
		pool := kernel.NewPool(threads)
		defer pool.Close()
		layer := layerOf(t, "dropout", map[string]any{"rate": rate})
		return runLayer(t, pool, layer, Shape{size}, rows, rows, x, dy, nil)
	}
	r := run(1)
	kept := 0
	for i, y := range r.y {
		switch {
		case y == 0 && r.dx[i] == 0:
		case y == float32(1/(1-rate)) && r.dx[i] == 2*y:
			kept++
		default:
			t.Fatalf("element %d: y = %g, dx = %g", i, y, r.dx[i])
		}
	}
	share := float64(kept) / float64(len(r.y))
	if share < 1-rate-0.01 || share > 1-rate+0.01 {
		t.Errorf("kept %.4f of the elements, expected %.2f", share, 1-rate)
	}
	for _, threads := range []int{2, 3, 16} {
		if !slices.Equal(run(threads).y, r.y) {
			t.Errorf("another mask with %d threads", threads)
		}
	}
}
