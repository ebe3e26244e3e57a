package spec

import (
	"strings"
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
		{"init.weights", "truncated_normal"}, {"init.weights.truncated_normal.mean", "0"},
		{"init.weights.truncated_normal.stddev", "0.05"},
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

func TestLayersOf(t *testing.T) {
	settings := func(yield func(path, value string) bool) {
		for _, line := range []string{
			"dataset d", "layers[0] conv2d", "layers[0].conv2d.filters 32", "layers[0].conv2d.kernel [3,5]",
			"layers[1] residual", "layers[1].residual.layers[0] activation", "layers[1].residual.layers[0].activation relu",
			"layers[1].residual.layers[1] residual", "layers[1].residual.layers[1].residual.layers[0] flatten",
			"layers[1].residual.shortcut[0] dense", "layers[1].residual.shortcut[0].dense.units 3",
			"layers[2] mixer", "layers[2].mixer tokens", "layers[2].mixer.tokens 7", "layers[2].mixer.a.b[0] 8",
			"layers[4].lost 1", "layers[x] 1", "layers[1 1", "layersx[0] y", "optimizer adam",
		} {
			path, value, _ := strings.Cut(line, " ")
			if !yield(path, value) {
				return
			}
		}
	}
	want := []LayerSettings{
		{List: "layers", Kind: "conv2d", Args: []Setting{{"filters", "32"}, {"kernel", "[3,5]"}}},
		{List: "layers", Index: 1, Kind: "residual", Layers: []LayerSettings{
			{List: "layers", Kind: "activation", Args: []Setting{{"", "relu"}}},
			{List: "layers", Index: 1, Kind: "residual", Layers: []LayerSettings{{List: "layers", Kind: "flatten"}}},
			{List: "shortcut", Kind: "dense", Args: []Setting{{"units", "3"}}},
		}},
		{List: "layers", Index: 2, Kind: "mixer", Args: []Setting{{"tokens", "7"}, {"a.b[0]", "8"}}},
	}
	if diff := cmp.Diff(want, LayersOf(settings)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A network with layers inside others has the settings of both.
func TestSettingsOfNestedLayers(t *testing.T) {
	e, faults := Parse("x.yaml", []byte(strings.Replace(resolved, "  - flatten\n",
		"  - residual:\n      layers:\n        - flatten\n        - dense: {units: 3}\n      shortcut: [flatten]\n", 1)))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got []string
	for path, value := range e.Settings() {
		if strings.HasPrefix(path, "layers[2]") {
			got = append(got, path+" "+value)
		}
	}
	want := []string{
		"layers[2] residual", "layers[2].residual.layers[0] flatten", "layers[2].residual.layers[1] dense",
		"layers[2].residual.layers[1].dense.units 3", "layers[2].residual.shortcut[0] flatten",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
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
		if docs[k.path] == "" {
			t.Errorf("%s has no description", k.path)
		}
	}
}
