package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A resolved experiment as the program writes it.
const resolved = `name: net
description: "Two lines, a: colon and a #."
dataset: synthetic
mode: full
data_batch: 2
layers:
  - conv2d: {filters: 32, kernel: [3, 5], stride: 1, padding: same, activation: relu}
  - maxpool2d: {pool: 2}
  - flatten
  - activation: relu
  - dense: {units: 10}
init:
  weights: {truncated_normal: {mean: 0, stddev: 0.05}}
  bias: zeros
loss: softmax_cross_entropy
optimizer: {adam: {learning_rate: 0.001, eps: 1e-08}}
epochs: 2
batch_size: 128
shuffle: true
seed: 7
checkpoint_every: 1m0s
`

func TestSettings(t *testing.T) {
	e, faults := Parse("x.yaml", []byte(resolved))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := [][2]string{
		{"dataset", "synthetic"}, {"mode", "full"}, {"data_batch", "2"},
		{"layers[0]", "conv2d"}, {"layers[0].conv2d.filters", "32"}, {"layers[0].conv2d.kernel", "[3, 5]"},
		{"layers[0].conv2d.stride", "1"}, {"layers[0].conv2d.padding", "same"}, {"layers[0].conv2d.activation", "relu"},
		{"layers[1]", "maxpool2d"}, {"layers[1].maxpool2d.pool", "2"},
		{"layers[2]", "flatten"},
		{"layers[3]", "activation"}, {"layers[3].activation", "relu"},
		{"layers[4]", "dense"}, {"layers[4].dense.units", "10"},
		{"init.weights", "truncated_normal"}, {"init.weights.truncated_normal.mean", "0"}, {"init.weights.truncated_normal.stddev", "0.05"},
		{"init.bias", "zeros"}, {"loss", "softmax_cross_entropy"},
		{"optimizer", "adam"}, {"optimizer.adam.learning_rate", "0.001"}, {"optimizer.adam.eps", "1e-08"},
		{"epochs", "2"}, {"batch_size", "128"}, {"shuffle", "true"},
	}
	var got [][2]string
	for path, value := range e.Settings() {
		got = append(got, [2]string{path, value})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got) %s", diff)
	}
	for range e.Settings() {
		break // anywhere: nothing more is yielded
	}
}

func TestCutLayer(t *testing.T) {
	for path, want := range map[string]struct {
		index int
		rest  string
		ok    bool
	}{
		"layers[3]":                     {3, "", true},
		"layers[12].conv2d.filters":     {12, "conv2d.filters", true},
		"layers[1].a.layers[0].b.units": {1, "a.layers[0].b.units", true},
		"layers":                        {},
		"layers[x]":                     {},
		"layers[1":                      {},
		"optimizer.adam":                {},
	} {
		if index, rest, ok := CutLayer(path); ok != want.ok || ok && (index != want.index || rest != want.rest) {
			t.Errorf("CutLayer(%q) = %d, %q, %t, want %+v", path, index, rest, ok, want)
		}
	}
}

// Each key says whether it belongs to a run's identity.
func TestKeys(t *testing.T) {
	for _, k := range defaults().keys() {
		switch k.identity {
		case never, always, inSingleBatch, ofSeed:
		default:
			t.Errorf("%s: identity %q", k.path, k.identity)
		}
		if k.doc == "" {
			t.Errorf("%s has no description", k.path)
		}
	}
}
