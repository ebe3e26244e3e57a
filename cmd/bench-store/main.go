// Command bench-store times the program on a store of many runs: it makes one (grid.go, generate.go), and starts
// the program anew for each reading of it (measure.go).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:])
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp), errors.Is(err, errUsage): // which flag has told
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "bigstore:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("wrong usage")

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bigstore", flag.ContinueOnError)
	experiments := flags.Int("experiments", 2000, "experiments in the store")
	seeds := flags.Int("seeds", 5, "runs of each")
	epochs := flags.Int("epochs", 100, "epochs of each run")
	repetitions := flags.Int("repetitions", 20, "starts of the program for each figure")
	binary := flags.String("runner", "bin/runner", "the program")
	keep := flags.String("keep", "", "make the store in this folder, and only that")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if *keep != "" {
		return generate(ctx, *keep, *experiments, *seeds, *epochs)
	}
	dir, err := os.MkdirTemp("", "runner-bigstore")
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
