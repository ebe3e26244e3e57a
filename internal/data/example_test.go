package data_test

import (
	"context"
	"fmt"
	"os"

	"runner/internal/data"
)

// A dataset is prepared once, and then opened as often as it is needed. Mini-batches are a
// function of the pass's seed and epoch.
func Example() {
	dir, err := os.MkdirTemp("", "data")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)

	synthetic, err := data.ByName("synthetic")
	if err != nil {
		fmt.Println(err)
		return
	}
	ds, err := synthetic.Open(context.Background(), data.Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ds.Close()
	fmt.Println(ds.Shape, ds.Classes)

	train := ds.Train(0) // of all batch files
	order := train.Order(64, true, data.Pass{Seed: 1, Epoch: 1})
	fmt.Println(train.Len(), "training examples in", order.Steps(), "mini-batches")

	indices := order.Indices(0)
	x, labels := make([]float32, len(indices)*ds.Pixels()), make([]int32, len(indices))
	if err := train.Read(indices, order.Pass, x, labels); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(labels), "labels,", len(x), "values")
	// Output:
	// [32 32 3] [disc ring square triangle cross star stripes checkerboard dots spiral]
	// 9000 training examples in 141 mini-batches
	// 64 labels, 196608 values
}
