package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const overridden = `name: x
dataset: d
layers:
  - conv2d: {filters: 3, kernel: [7, 7]}
  - flatten
  - activation: relu
  - dense: {units: 10}
optimizer: {adam: {learning_rate: 1e-3, beta1: 0.8}}
`

func TestSet(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": overridden})
	for _, test := range []struct {
		set  string
		got  func(e *Experiment) string
		want string
	}{
		{"optimizer.adam.learning_rate=3e-4", optimizer, "{adam: {learning_rate: 3e-4, beta1: 0.8}}"},
		{"optimizer.adam.eps=1e-7", optimizer, "{adam: {learning_rate: 1e-3, beta1: 0.8, eps: 1e-7}}"},
		{"optimizer.sgd.momentum=0.9", optimizer, "{sgd: {momentum: 0.9}}"},
		{"optimizer=adamw", optimizer, "adamw"},
		{"optimizer={sgd: {momentum: 0.9}}", optimizer, "{sgd: {momentum: 0.9}}"},
		{"optimizer=", optimizer, "adam"},
		{"init.weights.truncated_normal.stddev=0.1", weights, "{truncated_normal: {stddev: 0.1}}"},
		{"init.weights=zeros", weights, "zeros"},
		{"layers[3].dense.units=20", layer(3), "dense: {units: 20}"},
		{"layers[1].flatten.order=c", layer(1), "flatten: {order: c}"},
		{"layers[2].activation=tanh", layer(2), "activation: tanh"},
		{"layers[1]=dropout: {rate: 0.5}", layer(1), "dropout: {rate: 0.5}"},
		{"layers[0].conv2d.kernel[1]=5", layer(0), "conv2d: {filters: 3, kernel: [7, 5]}"},
		{" mode = full ", func(e *Experiment) string { return string(e.Mode) }, "full"},
		{"description=a=b", func(e *Experiment) string { return e.Description }, "a=b"},
	} {
		if got := test.got(load1(t, test.set)); got != test.want {
			t.Errorf("--set %s: got %s, want %s", test.set, got, test.want)
		}
	}
}

func optimizer(e *Experiment) string { return flow(e.Optimizer.Node()) }
func weights(e *Experiment) string   { return flow(e.Init.Weights.Node()) }
func layer(i int) func(e *Experiment) string {
	return func(e *Experiment) string { return entry(e.Layers[i]) }
}

// A later override sees what an earlier one made.
func TestSetInOrder(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": overridden})
	e := load1(t, "optimizer=sgd", "optimizer.sgd.momentum=0.9", "sweep={seeds: 3}", "sweep=")
	if got, want := optimizer(e), "{sgd: {momentum: 0.9}}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSetFaults(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": overridden})
	for _, test := range []struct{ set, want string }{
		{"epochs", "expected key=value, such as --set optimizer.adam.learning_rate=3e-4"},
		{"=3", `"" is not a path of keys such as optimizer.adam.learning_rate or layers[7].dropout.rate`},
		{"a..b=3", `"a..b" is not a path of keys such as optimizer.adam.learning_rate or layers[7].dropout.rate`},
		{"layers[-1]=x", `"layers[-1]" is not a path of keys such as optimizer.adam.learning_rate or layers[7].dropout.rate`},
		{"epoch=3", `unknown key "epoch", did you mean "epochs"?`},
		{"epochs=seven", `epochs: expected a whole number, got the text "seven"`},
		{"epochs=[", "not valid YAML: sequence end token ']' not found"},
		{"sweep={grid: {layers[3].dense.units: [10, 11]}}",
			`not valid YAML: could not find flow map content; a key with brackets needs quotes inside braces, as in ` +
				`{"layers[1].dense.units": [10, 20]}`},
		{"epochs=3\n---\n4", "a second document starts here; a file holds one experiment"},
		{"extends=y.yaml", "extends says how files are read and cannot be overridden"},
		{"abstract=true", "abstract says how files are read and cannot be overridden"},
		{"layers[4].dense.units=3", "layers[4] does not exist: there are 4, counted from 0"},
		{"layers[1].dense.units=3", "layers[1] is flatten, not dense; to replace the layer, set layers[1] to {dense: {...}}"},
		{"layers[3].conv2d.filters=3",
			"layers[3] is dense, not conv2d; to replace the layer, set layers[3] to {conv2d: {...}}"},
		{"layers[2].activation.alpha=3", `layers[2].activation is the text "relu", so it has no key "alpha" to set`},
		{"layers.dense=3", `layers is a list, so it has no key "dense" to set`},
		{"epochs[0]=3", "epochs is nothing, not a list, so it has no entry 0"},
		{"name[0]=3", `name is the text "x", not a list, so it has no entry 0`},
		{"name=a/b", `name: the name "a/b" holds a slash`},
	} {
		_, faults := Load("x.yaml", []string{test.set})
		wantFaults(t, faults, "--set "+test.set+": "+test.want)
	}
}

// Every override's fault is reported, and the file's own.
func TestSetFaultsTogether(t *testing.T) {
	inFolder(t, map[string]string{"x.yaml": overridden + "epochs: 0\n"})
	_, faults := Load("x.yaml", []string{"layers[9]=flatten", "mode=x"})
	wantFaults(t, faults, `
--set layers[9]=flatten: layers[9] does not exist: there are 4, counted from 0
--set mode=x: mode: unknown value "x", expected one of single-batch, full
x.yaml:9:9: epochs: must be at least 1, got 0`)
}

// An override copies its way: another from the same tree does not see it.
func TestOverrideLeavesTheTree(t *testing.T) {
	root, faults, _ := parse("x", []byte(overridden), ofFile)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	before := flow(root)
	for _, text := range []string{"layers[0].conv2d.filters=9", "optimizer.sgd.a=1", "layers[1].flatten.b=2",
		"init.bias=ones", "layers[0].conv2d.kernel[0]=1"} {
		o, faults := parseSet(text)
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		if changed, faults := o.apply(root); len(faults) > 0 || flow(changed) == before {
			t.Errorf("%s changed nothing: %v", text, faults)
		}
	}
	if diff := cmp.Diff(before, flow(root)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}
