// Package lab is what commands and pages ask for: plans of experiment files, training them, dry
// runs, boards, what is under way, exports, replays, predictions.
//
// Nothing here prints or knows a terminal. Results are values of internal/view's records, sweeps are
// sequences of events, and what is worth a warning is told to [Lab.Warn]. What was asked for wrongly
// is a [UsageError].
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
	"runner/store"
)

// UsualStore is the folder of runs where nobody names another.
const UsualStore = "runs"

// Lab is where runs and datasets are, and who hears of what goes on. Functions may be nil, but for Worker
// where runs are trained.
type Lab struct {
	Store  string                    // folder of the recorded runs
	Data   string                    // folder of the datasets; "": the usual one
	Worker func() (*exec.Cmd, error) // makes the command of a process that calls sweep.Work

	Preparing func(data.Event) // how fetching a dataset goes
	Warn      func(string)     // what stops nothing and is worth knowing, in its order
	// Measuring hears which network of how many is timed next, from 1 on; 0 when all are.
	Measuring func(network, of int)
}

// UsageError is an error of who asked: of a command line or of a file.
type UsageError struct{ error }

func (e UsageError) Unwrap() error { return e.error }

// Usage makes an error one of usage.
func Usage(err error) error { return UsageError{err} }

// Usagef is an error of usage.
func Usagef(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }

func (l *Lab) warnf(format string, args ...any) {
	if l.Warn != nil {
		l.Warn(fmt.Sprintf(format, args...))
	}
}

// DataOptions returns where datasets are kept and how fetching reports.
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

// OpenStore opens the store and refuses to go on where there is none.
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

// findUsage makes it an error of usage that a name means no run, or several.
func findUsage(err error) error {
	var missing *store.NotFoundError
	var several *store.AmbiguousError
	if errors.As(err, &missing) || errors.As(err, &several) {
		return Usage(err)
	}
	return err
}

// knownDataset refuses a dataset that no run in the store is on and none could be trained on; "" is for any. The
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

// Describe tells a run from others, for people.
func Describe(r store.Run) string { return fmt.Sprintf("%s seed %d %s", r.Experiment, r.Seed, r.Mode) }
