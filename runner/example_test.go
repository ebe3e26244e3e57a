package runner

import (
	"context"
	"fmt"

	"runner/internal/data"
	"runner/internal/spec"
)

// A plan needs no data; training it does. Each step of the loop trains one epoch, and leaving
// the loop ends the training.
func Example() {
	e, faults := spec.Parse("example.yaml", []byte(`
name: example
dataset: synthetic
layers: [flatten, dense: {units: 10}]
epochs: 2
`))
	if len(faults) > 0 {
		fmt.Println(faults)
		return
	}
	plan, faults := NewPlan(e, data.Kinds())
	if len(faults) > 0 {
		fmt.Println(faults)
		return
	}
	fmt.Println(plan.Network.Parameters(), "parameters")

	ctx := context.Background()
	ds, err := plan.Dataset.Open(ctx, data.Options{Dir: dataDir})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ds.Close()
	var first float64
	for epoch, err := range Train(ctx, Job{Plan: plan, Dataset: ds, Threads: 1}, Folder{}, new(Progress)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if epoch.Epoch.Epoch == 1 {
			first = epoch.TrainLoss
			continue
		}
		fmt.Println("epoch 2 has a lower loss:", epoch.TrainLoss < first)
	}
	// Output:
	// 30730 parameters
	// epoch 2 has a lower loss: true
}
