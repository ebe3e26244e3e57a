// Command bench-peers measures training here against its peers on this machine:
// PyTorch, stock Gorgonia and OpenBLAS.
//
// Every contender is a process of its own that runs a task when it is asked to
// and says how long it took (contender.go): Python for PyTorch and OpenBLAS
// (peers.py), and this program again for ours and stock Gorgonia (serve.go,
// stock.go). Contenders take turns, so that a machine that is slower for a
// while is slower for all of them (measure.go), and each figure is the median of
// the ratios of its turns (figures.go, table.go).
package main

import (
	"context"
	"flag"
	"fmt"
	"regexp"

	"runner/internal/bench"
)

func main() {
	bench.Main("bench-peers", run)
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench-peers", flag.ContinueOnError)
	repetitions := flags.Int("repetitions", 15, "turns of each contender, at least 9")
	only := flags.String("only", "", "measure the figures whose names match this expression")
	binary := flags.String("runner", "bin/runner", "the program, for its start and its memory")
	serving := flags.Int("serve", 0,
		"serve tasks on so many threads (what the contenders of this program are started with)")
	batch := flags.String("batch", "", "the mini-batch's file (likewise)")
	if err := bench.Parse(flags, args); err != nil {
		return err
	}
	if *serving > 0 {
		return serve(*serving, *batch)
	}
	if *repetitions < 9 {
		return fmt.Errorf("%w: -repetitions: expected at least 9, received %d", bench.ErrUsage, *repetitions)
	}
	filter, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("%w: -only: %w", bench.ErrUsage, err)
	}
	return measureAll(ctx, options{repetitions: *repetitions, only: filter, runner: *binary})
}
