// Package bench has what the programs that measure this one (cmd/bench-*) share: how they begin
// and end, and medians and quartiles.
package bench

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
)

// ErrUsage marks a wrong command line or a machine that lacks what a measurement needs: exit
// code 2.
var ErrUsage = errors.New("wrong usage")

// Main runs a program until it is interrupted, and exits with its code: 0, 1 for an error, 2
// for [ErrUsage].
func Main(name string, run func(ctx context.Context, args []string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
	if errors.Is(err, ErrUsage) {
		os.Exit(2)
	}
	os.Exit(1)
}

// Parse parses a program's flags. The error is flag.ErrHelp once help was printed, or an
// ErrUsage.
func Parse(flags *flag.FlagSet, args []string) error {
	flags.Usage = func() {}
	flags.SetOutput(io.Discard) // Main prints the error
	err := flags.Parse(args)
	flags.SetOutput(os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		flags.PrintDefaults()
	case err != nil:
		err = fmt.Errorf("%w: %w, see -help", ErrUsage, err)
	}
	return err
}

// Quantile returns the value below which a part of all values lies, interpolated between
// neighbours: 0.5 for the median. There is at least one value.
func Quantile(values []float64, part float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	at := part * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-2)
	if i < 0 {
		return sorted[0]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// Median is the quantile of one half.
func Median(values []float64) float64 { return Quantile(values, 0.5) }
