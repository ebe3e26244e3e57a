// Package lab holds the use cases behind commands and pages: loading plans, training, dry runs, leaderboards, progress,
// exports, replays, predictions.
//
// Nothing here prints or knows a terminal. Results are values of internal/view/record, sweeps are sequences of events,
// and warnings go to [Lab.Warn]. A wrong request is a [UsageError].
package lab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"slices"
	"strings"

	"runner/internal/data"
	"runner/internal/view/record"
	"runner/store"
)

// UsualStore is the default folder of runs.
const UsualStore = "runs"

// Lab says where runs and datasets are, and receives reports. Its functions may be nil, except that training needs
// Worker.
type Lab struct {
	Store  string                    // folder of the recorded runs
	Data   string                    // folder of the datasets; "": the default
	Worker func() (*exec.Cmd, error) // makes the command of a process that calls sweep.Work

	Preparing func(data.Event) // receives the progress of preparing a dataset
	Warn      func(string)     // receives warnings, in order
	// Measuring receives which network of how many is timed next, counted from 1; 0 when all are.
	Measuring func(network, of int)
}

// UsageError is an error in a command line or a file.
type UsageError struct{ error }

func (e UsageError) Unwrap() error { return e.error }

// Usage turns an error into one of usage.
func Usage(err error) error { return UsageError{err} }

// Usagef is an error of usage.
func Usagef(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }

func (l *Lab) warnf(format string, args ...any) {
	if l.Warn != nil {
		l.Warn(fmt.Sprintf(format, args...))
	}
}

// DataOptions returns where datasets are kept, and who hears of their preparation.
func (l *Lab) DataOptions() (data.Options, error) {
	dir := l.Data
	if dir == "" {
		var err error
		if dir, err = data.DefaultDir(); err != nil {
			return data.Options{}, err
		}
	}
	o := data.Options{Dir: dir}
	o.Tell = l.Preparing
	return o, nil
}

// OpenData opens a dataset and fetches it first if it is missing.
func (l *Lab) OpenData(ctx context.Context, named data.Named) (*data.Dataset, error) {
	o, err := l.DataOptions()
	if err != nil {
		return nil, err
	}
	return named.Open(ctx, o)
}

// preparedOnly opens datasets that are prepared already, and fetches none.
func (l *Lab) preparedOnly(_ context.Context, named data.Named) (*data.Dataset, error) {
	o, err := l.DataOptions()
	if err != nil {
		return nil, err
	}
	return named.OpenPrepared(o.Dir)
}

// readStore opens the store for reading. Where there is none yet it returns nil and no error.
func (l *Lab) readStore(ctx context.Context) (*store.Store, error) {
	st, err := store.OpenExisting(ctx, l.Store)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return st, err
}

// OpenStore opens the store. It is an error of usage that there is none.
func (l *Lab) OpenStore(ctx context.Context) (*store.Store, error) {
	st, err := l.readStore(ctx)
	if err == nil && st == nil {
		err = Usagef("no runs in %s yet: train one with 'runner run FILE', or name another folder with --store",
			l.Store)
	}
	return st, err
}

// FindRun opens the store and finds a run by id, prefix or experiment.
func (l *Lab) FindRun(ctx context.Context, ref string) (*store.Store, store.Run, error) {
	st, err := l.OpenStore(ctx)
	if err != nil {
		return nil, store.Run{}, err
	}
	run, err := st.Find(ctx, ref)
	if err != nil {
		st.Close()
		return nil, store.Run{}, findUsage(err)
	}
	return st, run, nil
}

// findUsage turns the error of a name that means no run, or several, into one of usage.
func findUsage(err error) error {
	var missing *store.NotFoundError
	var several *store.AmbiguousError
	if errors.As(err, &missing) || errors.As(err, &several) {
		return Usage(err)
	}
	return err
}

// knownDataset refuses the name of a dataset that neither a run in the store nor this program knows; "" means any. The
// store may be nil.
func knownDataset(ctx context.Context, st *store.Store, name string) error {
	if name == "" {
		return nil
	}
	var names []string
	for _, k := range data.Kinds() {
		names = append(names, k.Name)
	}
	if st != nil {
		datasets, err := st.Datasets(ctx)
		if err != nil {
			return err
		}
		for _, d := range datasets {
			names = append(names, d.Name)
		}
	}
	if slices.Contains(names, name) {
		return nil
	}
	slices.Sort(names)
	return Usagef("unknown dataset %q, expected one of %s", name, strings.Join(slices.Compact(names), ", "))
}

// Describe names a run for people.
func Describe(r store.Run) string { return record.NameAndSeed(r.Experiment, r.Seed) + " " + r.Mode }
