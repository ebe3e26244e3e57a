package store_test

import (
	"context"
	"fmt"
	"os"

	"runner/store"
)

// A run is begun, logs its epochs and ends. Each call is on the disk when it returns.
func Example() {
	if err := logged(); err != nil {
		fmt.Println(err)
	}
	// Output: mlp: finished, best epoch 1 with 75%
}

func logged() error {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "runs")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(ctx, dir)
	if err != nil {
		return err
	}
	defer s.Close()

	run, err := s.Begin(ctx, store.Run{
		Experiment: "mlp", Identity: "mlp/1", Group: "mlp", Seed: 1, Mode: "full", Epochs: 1,
		Dataset: "shapes", Fingerprint: "5e1f",
	}, store.Dataset{Name: "shapes", Fingerprint: "5e1f", Classes: []string{"disc", "ring"}, Validation: 4})
	if err != nil {
		return err
	}
	answers := store.NewAnswers(4, 2)
	for i, label := range []int{0, 0, 1, 1} {
		answers.Set(i, label, min(i, 1)) // takes all but the first for a ring
	}
	err = s.Log(ctx, run.ID, store.Epoch{Epoch: 1, TrainLoss: 0.7, ValLoss: 0.6, ValAccuracy: answers.Accuracy(),
		Seconds: 2}, answers)
	if err != nil {
		return err
	}
	if err := s.End(ctx, run.ID, store.Finished, "", ""); err != nil {
		return err
	}

	run, err = s.Find(ctx, "mlp")
	if err != nil {
		return err
	}
	fmt.Printf("%s: %s, best epoch %d with %.0f%%\n", run.Experiment, run.Status, *run.BestEpoch, 100**run.BestValAccuracy)
	return nil
}
