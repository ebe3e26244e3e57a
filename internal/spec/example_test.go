package spec_test

import (
	"fmt"
	"strings"

	"runner/internal/spec"
)

const file = `
name: example
dataset: synthetic
layers: [flatten, dense: {units: 10}]
`

// A file that says little gets the defaults for the rest.
func ExampleParse() {
	e, faults := spec.Parse("example.yaml", []byte(file))
	if len(faults) > 0 {
		fmt.Println(faults)
		return
	}
	fmt.Println(e.Name, e.Mode, e.Optimizer.Kind, e.BatchSize)
	for _, layer := range e.Layers {
		fmt.Printf("- %s {%s}\n", layer.Kind, layer.ArgsText())
	}
	// Output:
	// example single-batch adam 128
	// - flatten {}
	// - dense {units: 10}
}

// All faults of a file come at once, each with its place.
func ExampleFaults() {
	_, faults := spec.Parse("mine.yaml",
		[]byte("name: mine\ndataset: synthetic\nlayers: [flatten]\nepoch: 3\nbatch_size: many\n"))
	for _, fault := range faults {
		fmt.Println(fault)
	}
	// Output:
	// mine.yaml:4:1: unknown key "epoch", did you mean "epochs"?
	// mine.yaml:5:13: batch_size: expected a whole number, got the text "many"
}

// The keys of an experiment file are a table.
func ExampleKeys() {
	for _, key := range spec.Keys() {
		if strings.HasPrefix(key.Path, "init.") {
			fmt.Printf("%s (%s): %s\n", key.Path, key.Default, key.Doc)
		}
	}
	// Output:
	// init.weights (glorot_uniform): How kernels and matrices start.
	// init.bias (zeros): How biases start.
}
