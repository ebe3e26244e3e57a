// Command bench-store times the program on a store of many runs: it makes one (grid.go, generate.go), and starts
// the program once for each figure (measure.go).
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"

	"runner/internal/bench"
)

func main() { bench.Main("bench-store", run) }

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench-store", flag.ContinueOnError)
	experiments := flags.Int("experiments", 2000, "experiments in the store")
	seeds := flags.Int("seeds", 5, "runs of each")
	epochs := flags.Int("epochs", 100, "epochs of each run")
	repetitions := flags.Int("repetitions", 20, "starts of the program for each figure")
	binary := flags.String("runner", "bin/runner", "the program")
	keep := flags.String("keep", "", "make the store in this folder, and only that")
	if err := bench.Parse(flags, args); err != nil {
		return err
	}
	if *keep != "" {
		return generate(ctx, *keep, *experiments, *seeds, *epochs)
	}
	dir, err := os.MkdirTemp("", "bench-store")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	// In a process of its own: the peak memory of what a process starts is never below its own.
	self, err := os.Executable()
	if err != nil {
		return err
	}
	maker := exec.CommandContext(ctx, self, append(args, "-keep", dir)...)
	maker.Stderr = os.Stderr
	if err := maker.Run(); err != nil {
		return fmt.Errorf("make the store: %w", err)
	}
	fmt.Printf("%d experiments, %d seeds, %d epochs\n", *experiments, *seeds, *epochs)
	return measure(ctx, os.Stdout, *binary, dir, *repetitions)
}
