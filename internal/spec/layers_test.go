package spec

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const nested = `name: x
dataset: d
layers:
  - flatten
  - repeat:
      times: 2
      layers:
        - dense: {units: 3}
        - repeat: {times: 2, layers: [{activation: relu}]}
  - residual:
      layers:
        - dense: {units: 3}
      shortcut: [flatten]
  - dense: {units: 10}
`

// A repeat is its layers written out: the same hash, and nothing else is left of it.
func TestRepeat(t *testing.T) {
	const twin = `name: x
dataset: d
layers: [flatten, dense: {units: 3}, activation: relu, activation: relu,
  dense: {units: 3}, activation: relu, activation: relu,
  residual: {layers: [dense: {units: 3}], shortcut: [flatten]}, dense: {units: 10}]
`
	inFolder(t, map[string]string{"x.yaml": nested})
	repeated := load1(t)
	inFolder(t, map[string]string{"x.yaml": twin})
	written := load1(t)
	if a, b := hash(t, repeated, true), hash(t, written, true); a != b {
		t.Errorf("hash %s, written out %s", a, b)
	}
	got, err := repeated.Text()
	if err != nil {
		t.Fatal(err)
	}
	want, err := written.Text()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("text (-written +repeated):\n%s", diff)
	}
	for _, part := range []string{"\n  - residual:\n      layers:\n        - dense: {units: 3}\n      shortcut:\n  " +
		"      - flatten\n  - dense: {units: 10}\n"} {
		if !strings.Contains(string(got), part) {
			t.Errorf("expected %q in:\n%s", part, got)
		}
	}
}

// A repeated layer keeps its place in the file.
func TestRepeatedPlaces(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": nested})
	var got []string
	for _, it := range load1(t).Layers {
		got = append(got, fmt.Sprintf("%d:%d %s: %s", it.Pos.Line, it.Pos.Column, it.Where, it.Kind))
	}
	want := []string{
		"4:5 layers[0]: flatten",
		"8:11 layers[1] repeat: layers[0]: dense",
		"9:40 layers[1] repeat: layers[1] repeat: layers[0]: activation",
		"9:40 layers[1] repeat: layers[1] repeat: layers[0]: activation",
		"8:11 layers[1] repeat: layers[0]: dense",
		"9:40 layers[1] repeat: layers[1] repeat: layers[0]: activation",
		"9:40 layers[1] repeat: layers[1] repeat: layers[0]: activation",
		"10:5 layers[2]: residual",
		"14:5 layers[3]: dense",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRepeatFaults(t *testing.T) {
	for _, test := range []struct{ layers, want string }{
		{"[repeat]", `
x.yaml:3:10: layers[0] repeat: the key "times" is missing
x.yaml:3:10: layers[0] repeat: the key "layers" is missing`},
		{"[repeat: {times: 0, layers: []}]", `
x.yaml:3:26: layers[0] repeat: times: must be at least 1, got 0
x.yaml:3:37: layers[0] repeat: layers: needs at least 1, got 0`},
		{"[repeat: {times: 1.5, layers: flatten, time: 2}]", `
x.yaml:3:26: layers[0] repeat: times: expected a whole number, got the number 1.5
x.yaml:3:39: layers[0] repeat: layers: expected a list, got the text "flatten"
x.yaml:3:48: layers[0] repeat: unknown key "time", did you mean "times"?`},
		{"[repeat: {times: 99999999999, layers: [{}, repeat: {times: -1, layers: [[]]}]}]",
			"x.yaml:3:10: layers: this repeat makes the file hold more than 10000 values or 262144 bytes"},
		{"[repeat: {times: 3, layers: [{}, repeat: {times: -1, layers: [[]]}]}]", `
x.yaml:3:38: layers[0] repeat: layers[0]: expected a kind, got an empty map
x.yaml:3:58: layers[0] repeat: layers[1] repeat: times: must be at least 1, got -1
x.yaml:3:71: layers[0] repeat: layers[1] repeat: layers[0]: expected a kind ("name") or ` +
			`a kind with arguments ("name: {key: value}"), got an empty list`},
		// Each level is small, and so is what an unknown kind holds.
		{"[repeat: {times: 100, layers: [repeat: {times: 100, layers: [repeat: {times: 100, layers: [flatten]}]}]}]",
			"x.yaml:3:40: layers: this repeat makes the file hold more than 10000 values or 262144 bytes"},
		{"[a: {b: [repeat: {times: 9000, layers: [c: {d: 1}]}]}]",
			"x.yaml:3:18: layers: this repeat makes the file hold more than 10000 values or 262144 bytes"},
		{"[repeat: {times: 1000, layers: [" + strings.Repeat("a", 300) + "]}]",
			"x.yaml:3:10: layers: this repeat makes the file hold more than 10000 values or 262144 bytes"},
	} {
		inFolder(t, map[string]string{"x.yaml": "name: x\ndataset: d\nlayers: " + test.layers + "\n"})
		_, faults := Load("x.yaml", nil)
		wantFaults(t, faults, test.want)
	}
}

// Overrides and grids count the layers that the file has: a repeat is one of them.
func TestOverridesOfNestedLayers(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": nested})
	for _, test := range []struct {
		set  string
		at   int // among the layers of the network
		want string
	}{
		{"layers[1].repeat.layers[0].dense.units=7", 4, "dense: {units: 7}"},
		{"layers[1].repeat.layers[1].repeat.layers[0].activation=tanh", 6, "activation: tanh"},
		{"layers[1].repeat.times=1", 4, "residual:\n    layers:\n      - dense: {units: 3}\n    shortcut:\n      - flatten"},
		{"layers[2].residual.layers[0].dense.units=8", 7,
			"residual:\n    layers:\n      - dense: {units: 8}\n    shortcut:\n      - flatten"},
		{"layers[2].residual.layers[0]=flatten", 7,
			"residual:\n    layers:\n      - flatten\n    shortcut:\n      - flatten"},
		{"layers[2].residual.shortcut=", 7, "residual:\n    layers:\n      - dense: {units: 3}\n    shortcut: null"},
	} {
		if got := layer(test.at)(load1(t, test.set)); got != test.want {
			t.Errorf("--set %s: layer %d is\n%s, want\n%s", test.set, test.at, got, test.want)
		}
	}
	for _, test := range []struct{ set, want string }{
		{"layers[1].repeat.layers[0].conv2d.filters=3",
			"layers[1].repeat.layers[0] is dense, not conv2d; to replace the layer, set layers[1].repeat.layers[0] to " +
				"{conv2d: {...}}"},
		{"layers[2].residual.layers[1].dense.units=3",
			"layers[2].residual.layers[1] does not exist: there are 1, counted from 0"},
		{"layers[1].repeat.times=0", "layers[1] repeat: times: must be at least 1, got 0"},
		{"layers[0]=" + strings.Repeat("[", 60) + strings.Repeat("]", 60),
			`layers[0]: expected a kind ("name") or a kind with arguments ("name: {key: value}"), got a list`},
		{"layers[0]=" + strings.Repeat("[", 63) + strings.Repeat("]", 63), "layers[0]: nested more than 64 levels deep"},
	} {
		_, faults := Load("x.yaml", []string{test.set})
		wantFaults(t, faults, "--set "+test.set+": "+test.want)
	}
}

func TestGridsOfNestedLayers(t *testing.T) {
	sweep := func(grid string) string { return nested + "sweep: {grid: {" + grid + "}}\n" }
	inFolder(t, map[string]string{"x.yaml": sweep(`"layers[1].repeat.times": [1, 3], ` +
		`"layers[2].residual.layers[0].dense.units": [4, 5]`)})
	loaded, faults := Load("x.yaml", nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got []string
	for _, e := range loaded.Experiments {
		got = append(got, fmt.Sprintf("%d layers: %s", len(e.Layers), e.Name))
	}
	want := []string{
		"6 layers: x[layers[1].repeat.times=1,layers[2].residual.layers[0].dense.units=4]",
		"6 layers: x[layers[1].repeat.times=1,layers[2].residual.layers[0].dense.units=5]",
		"12 layers: x[layers[1].repeat.times=3,layers[2].residual.layers[0].dense.units=4]",
		"12 layers: x[layers[1].repeat.times=3,layers[2].residual.layers[0].dense.units=5]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	// As written 600 runs would be small.
	var epochs strings.Builder
	for i := range 600 {
		fmt.Fprintf(&epochs, "%d, ", i+1)
	}
	inFolder(t, map[string]string{"x.yaml": sweep(`"layers[1].repeat.times": [700], epochs: [` + epochs.String() + `]`)})
	_, faults = Load("x.yaml", nil)
	wantFaults(t, faults, "x.yaml:15:8: sweep: the runs hold more than 1000000 values together")
}
