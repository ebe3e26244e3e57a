package arch_test

import (
	"fmt"

	"runner/arch"
	"runner/internal/spec"
)

// A network's shapes and costs need neither data nor a graph.
func ExampleNew() {
	e, faults := spec.Parse("example.yaml", []byte(`
name: example
dataset: synthetic
layers:
  - conv2d: {filters: 16, kernel: 3, activation: relu}
  - maxpool2d: {pool: 2}
  - flatten
  - dense: {units: 10}
`))
	if len(faults) > 0 {
		fmt.Println(faults)
		return
	}
	network, _, faults := arch.New(e, arch.Shape{32, 32, 3}, 10)
	if len(faults) > 0 {
		fmt.Println(faults)
		return
	}
	for _, layer := range network.Layers {
		fmt.Println(layer.Name, layer.In, "->", layer.Out, layer.Parameters())
	}
	fmt.Println(network.Parameters(), "parameters,", network.MultiplyAdds(), "multiply-adds")
	// Output:
	// layers.0.conv2d 32x32x3 -> 32x32x16 448
	// layers.1.maxpool2d 32x32x16 -> 16x16x16 0
	// layers.2.flatten 16x16x16 -> 4096 0
	// layers.3.dense 4096 -> 10 40970
	// 41418 parameters, 483328 multiply-adds
}
