// Command bench-forecast holds what 'runner check' forecasts against what runs then
// take.
//
// Each network is forecast by the program and trained in a worker of it, in turn, so
// that a machine that is busy for a while is busy for both. The table shows the
// medians of the turns and, since machines are noisy, the quartiles of their ratios.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"

	"runner/internal/bench"
	"runner/internal/data"
)

func main() {
	bench.Main("bench-forecast", run)
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench-forecast", flag.ContinueOnError)
	turns := flags.Int("turns", 3, "how often each network is forecast and trained")
	epochs := flags.Int("epochs", 2, "of each training")
	threads := flags.Int("threads", runtime.GOMAXPROCS(0), "of each training")
	mode := flags.String("mode", "", "single-batch or full, instead of the files'")
	program := flags.String("runner", "bin/runner", "the program")
	if err := bench.Parse(flags, args); err != nil {
		return err
	}
	if *turns < 1 || *epochs < 1 {
		return fmt.Errorf("%w: -turns and -epochs: expected 1 or more, received %d and %d", bench.ErrUsage, *turns, *epochs)
	}
	set := []string{fmt.Sprint("epochs=", *epochs)}
	if *mode != "" {
		set = append(set, "mode="+*mode)
	}
	dir, err := data.DefaultDir()
	if err != nil {
		return err
	}
	b := &comparison{program: *program, threads: *threads, set: set, dataDir: dir}
	for _, file := range flags.Args() {
		if err := b.add(ctx, file); err != nil {
			return err
		}
	}
	for range *turns {
		for _, n := range b.networks {
			if err := b.turn(ctx, n); err != nil {
				return fmt.Errorf("%s: %w", n.job.Plan.Experiment.Name, err)
			}
		}
	}
	return b.write(os.Stdout)
}
