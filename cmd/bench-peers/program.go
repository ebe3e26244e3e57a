package main

import (
	"fmt"
	"os"
	"os/exec"
	"time"

	"runner/internal/bench"
	"runner/internal/data"
)

// help measures the start of the program as a cold process.
func (b *measurements) help(f figure) error {
	var times []float64
	for range b.repetitions {
		start := time.Now()
		if out, err := exec.CommandContext(b.ctx, b.runner, "--help").CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		times = append(times, 1e3*time.Since(start).Seconds())
	}
	b.add(f, "", fmt.Sprintf(f.format, bench.Median(times)), times)
	return nil
}

// memory measures the largest resident memory of an epoch in full mode.
func (b *measurements) memory(f figure) error {
	dir, err := data.DefaultDir()
	if err != nil {
		return err
	}
	cifar10, err := data.ByName("cifar10")
	if err != nil {
		return err
	}
	if !cifar10.Ready(dir) {
		b.notes = append(b.notes, f.name+" was left out: it needs CIFAR-10, see runner data get cifar10")
		return nil
	}
	store, err := os.MkdirTemp("", "runner-peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(store)
	cmd := exec.CommandContext(b.ctx, b.runner, "run", "experiments/seed-cnn.yaml", "--mode", "full", "--epochs", "1",
		"--data", dir, "--store", store)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	if mb := bench.PeakMemory(cmd.ProcessState) / 1e6; mb > 0 {
		b.add(f, "", fmt.Sprintf(f.format, mb), []float64{mb})
	}
	return nil
}
