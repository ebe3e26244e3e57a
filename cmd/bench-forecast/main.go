// Command bench-forecast holds what 'runner check' forecasts against what runs then
// take.
//
// Each network is forecast by the program and trained in a worker of it, in turn, so
// that a machine that is busy for a while is busy for both. The table shows the
// medians of the turns and, since machines are noisy, the quartiles of their ratios.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"

	"runner/internal/data"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:])
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp), errors.Is(err, errUsage): // which has been told
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "forecasts:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("wrong usage")

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("forecasts", flag.ContinueOnError)
	turns := flags.Int("turns", 3, "how often each network is forecast and trained")
	epochs := flags.Int("epochs", 2, "of each training")
	threads := flags.Int("threads", runtime.GOMAXPROCS(0), "of each training")
	mode := flags.String("mode", "", "single-batch or full, instead of the files'")
	program := flags.String("runner", "bin/runner", "the program")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if *turns < 1 || *epochs < 1 {
		fmt.Fprintf(os.Stderr, "forecasts: -turns and -epochs: expected 1 or more, received %d and %d\n", *turns, *epochs)
		return errUsage
	}
	set := []string{fmt.Sprint("epochs=", *epochs)}
	if *mode != "" {
		set = append(set, "mode="+*mode)
	}
	dir, err := data.DefaultDir()
	if err != nil {
		return err
	}
	b := &bench{program: *program, threads: *threads, set: set, dataDir: dir}
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
