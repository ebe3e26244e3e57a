package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Settings are read from a resolved experiment as the program writes it.
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
	settings, err := readSettings(resolved)
	if err != nil {
		t.Fatal(err)
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
	for key, value := range settings.All() {
		got = append(got, [2]string{key, value})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got) %s", diff)
	}
	for _, pair := range want {
		if value, ok := settings.Get(pair[0]); !ok || value != pair[1] {
			t.Errorf("%s is %q, %t; want %q", pair[0], value, ok, pair[1])
		}
	}
	for _, key := range []string{"", "seed", "name", "batch", "size", "adam", "layers", "optimizer.adam", "epochs\t2"} {
		if value, ok := settings.Get(key); ok {
			t.Errorf("%q is %q, want none", key, value)
		}
	}
	if _, err := readSettings("a: [1"); err == nil {
		t.Error("what is no YAML was flattened")
	}
}

// Get finds what All yields, whatever the settings.
func TestSettingsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.MapOf(rapid.StringMatching(`[a-c.]{1,6}`), rapid.StringMatching(`[a-c 0-9\[\],]{0,6}`)).Draw(t,
			"settings")
		var settings Settings
		for key, value := range lines {
			settings += Settings(key + "\t" + value + "\n")
		}
		n := 0
		for key, value := range settings.All() {
			n++
			if got, ok := settings.Get(key); !ok || got != value || lines[key] != value {
				t.Fatalf("%q is %q, %t in %q, want %q", key, got, ok, settings, value)
			}
		}
		if n != len(lines) {
			t.Fatalf("%d of %d settings", n, len(lines))
		}
	})
}

// The settings of a group are kept as long as it has a run.
func TestSettingsOfGroups(t *testing.T) {
	s := openStore(t, t.TempDir())
	all := func() map[string]Settings {
		found, err := allSettings(t.Context(), s.db)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	var runs []Run
	for _, group := range []string{"a", "a", "b"} {
		runs = append(runs, begin(t, s, func(r *Run) { r.Group, r.Config = group, "name: x\nepochs: 3\n" }))
	}
	want := map[string]Settings{"a": "epochs\t3\n", "b": "epochs\t3\n"}
	for _, id := range []string{"", runs[0].ID, runs[1].ID} {
		if id != "" {
			end(t, s, Run{ID: id}, Failed)
			if err := s.Remove(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		if id == runs[1].ID {
			delete(want, "a")
		}
		if diff := cmp.Diff(want, all()); diff != "" {
			t.Errorf("after removing %q (-want +got) %s", id, diff)
		}
	}
}
