package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"
	xterm "golang.org/x/term"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner/lab"
	"runner/store"
)

// app is what the commands share: where things are and where output goes.
type app struct {
	lab      lab.Lab
	out, err *os.File // results; progress and logs
}

// newApp returns an app whose lab reports on err.
func newApp(out, err *os.File) *app {
	a := &app{out: out, err: err}
	a.lab.Worker = startWorker
	a.lab.Warn = func(text string) { fmt.Fprintln(err, text) }
	a.lab.Preparing = term.NewPreparation(err, movable(err)).Tell
	if movable(err) {
		a.lab.Measuring = func(network, of int) { // each over the one before
			fmt.Fprint(err, "\r\x1b[K")
			if network > 0 {
				fmt.Fprintf(err, "measuring how fast networks train here: %d of %d", network, of)
			}
		}
	}
	return a
}

// style returns how to write for people on a file.
func style(f *os.File) term.Style {
	if !xterm.IsTerminal(int(f.Fd())) {
		return term.Style{}
	}
	width, _, err := xterm.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		width = 80
	}
	return term.Style{Width: width, Color: os.Getenv("NO_COLOR") == "" && movable(f)}
}

// movable tells whether a file is a terminal that understands escape sequences, which move its cursor and colour text.
func movable(f *os.File) bool {
	return xterm.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// withRun parses --format, finds a run and calls f with it.
func (a *app) withRun(
	ctx context.Context, ref, format string, f func(st *store.Store, run store.Run, format words.Format) error,
) error {
	parsed, err := formatFlag(format, words.Table, words.JSON)
	if err != nil {
		return err
	}
	st, run, err := a.lab.FindRun(ctx, ref)
	if err != nil {
		return err
	}
	defer st.Close()
	return f(st, run, parsed)
}

// formatFlag parses --format, which must be one of those allowed.
func formatFlag(name string, allowed ...words.Format) (words.Format, error) {
	f, err := words.ParseFormat(name, allowed...)
	if err != nil {
		return "", lab.Usage(err)
	}
	return f, nil
}

// namedDataset returns the dataset that an argument names, in the words of an experiment file.
func namedDataset(arg string) (data.Named, error) {
	item, faults := spec.ParseItem(arg)
	if len(faults) > 0 {
		return data.Named{}, lab.Usage(faults)
	}
	kinds := data.Kinds()
	if !slices.ContainsFunc(kinds, func(k data.Kind) bool { return k.Name == item.Kind }) {
		return data.Named{}, lab.Usage(data.Unknown(item.Kind, kinds))
	}
	named, faults := data.Find(item, kinds)
	if len(faults) > 0 {
		return data.Named{}, lab.Usage(faults)
	}
	return named, nil
}

// filterFlags adds --mode and --dataset, which choose among runs.
func filterFlags(cmd *cobra.Command, f *store.Filter) {
	cmd.Flags().StringVar(&f.Mode, "mode", "", "only runs in this mode: single-batch or full")
	cmd.Flags().StringVar(&f.Dataset, "dataset", "", "only runs on this dataset")
}

// checkMode refuses an unknown mode; "" means any.
func checkMode(mode string) error {
	if m := spec.Mode(mode); mode != "" && m != spec.SingleBatch && m != spec.Full {
		return usagef("--mode: expected %s or %s, received %q", spec.SingleBatch, spec.Full, mode)
	}
	return nil
}

// rangeUsage turns a batch or sample that is out of range into an error of usage.
func rangeUsage(err error) error {
	var outside *data.RangeError
	if errors.As(err, &outside) {
		return lab.Usage(err)
	}
	return err
}

// atLeast and exactly check the number of arguments.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usagef("expected %s: %s", what, cmd.UseLine())
		}
		return nil
	}
}

func exactly(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("expected %s, received %d: %s", what, len(args), cmd.UseLine())
		}
		return nil
	}
}
