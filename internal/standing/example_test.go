package standing_test

import (
	"context"
	"fmt"
	"os"

	"runner/internal/standing"
	"runner/store"
	"runner/store/storetest"
)

// Two experiments of three seeds each: the leaderboard ranks what it can separate.
func ExampleCompare() {
	if err := compared(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1 cnn 0.88 (3 seeds)
	// 2 mlp 0.72 (3 seeds)
}

func compared() error {
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
	on := store.Dataset{Name: "shapes", Fingerprint: "5e1f", Validation: 1000}
	for experiment, accuracies := range map[string][]float64{"mlp": {0.71, 0.73, 0.72}, "cnn": {0.88, 0.89, 0.87}} {
		for i, accuracy := range accuracies {
			run, err := s.Begin(ctx, store.Run{
				Experiment: experiment, Identity: fmt.Sprint(experiment, i), Group: experiment, Seed: int64(i + 1),
				Mode: "full", Dataset: on.Name, Fingerprint: on.Fingerprint, Epochs: 1,
			}, on)
			if err != nil {
				return err
			}
			if err := s.Log(ctx, run.ID, store.Epoch{Epoch: 1, ValAccuracy: accuracy}, storetest.Answers(accuracy)); err != nil {
				return err
			}
			if err := s.End(ctx, run.ID, store.Finished, "", ""); err != nil {
				return err
			}
		}
	}

	snapshot, err := s.Snapshot(ctx, store.Filter{})
	if err != nil {
		return err
	}
	defer snapshot.Close()
	board, err := standing.Compare(ctx, snapshot, standing.Options{Sort: "rank"})
	if err != nil {
		return err
	}
	for _, row := range board.Standings {
		fmt.Printf("%d %s %.2f (%d seeds)\n", row.Rank, row.Experiment, *row.ValAccuracy, row.Seeds)
	}
	return nil
}
