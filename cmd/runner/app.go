package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	xterm "golang.org/x/term"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
	"runner/store"
)

// usualStore is the folder of runs where nobody names another.
const usualStore = "runs"

// app is what the commands share: where things are and where output goes.
type app struct {
	storeDir, dataDir string
	out, err          *os.File // results; progress and logs
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

// movable tells whether a file is a terminal that understands escape sequences:
// its cursor can be moved and its text coloured.
func movable(f *os.File) bool {
	return xterm.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// dataOptions returns where datasets are kept and how fetching reports.
func (a *app) dataOptions() (data.Options, error) {
	dir := a.dataDir
	if dir == "" {
		var err error
		if dir, err = data.DefaultDir(); err != nil {
			return data.Options{}, err
		}
	}
	o := data.Options{Dir: dir}
	o.Tell = term.NewPreparation(a.err, movable(a.err)).Tell
	return o, nil
}

// located adds to a run in which folders it is, where these are not the usual ones.
func (a *app) located(r record.FullRun) record.FullRun {
	if a.storeDir != usualStore {
		r.Store = a.storeDir
	}
	r.Data = cmp.Or(a.dataDir, os.Getenv("RUNNER_DATA"))
	return r
}

// openData opens a dataset and fetches it first if it is missing.
func (a *app) openData(ctx context.Context, named data.Named) (*data.Dataset, error) {
	o, err := a.dataOptions()
	if err != nil {
		return nil, err
	}
	return named.Open(ctx, o)
}

// readStore opens a store for reading. Where there is none yet it returns nil
// and no error.
func (a *app) readStore(ctx context.Context) (*store.Store, error) {
	st, err := store.OpenExisting(ctx, a.storeDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return st, err
}

// existingStore opens the store and refuses to go on where there is none.
func (a *app) existingStore(ctx context.Context) (*store.Store, error) {
	st, err := a.readStore(ctx)
	if err == nil && st == nil {
		err = usagef("no runs in %s yet: train one with 'runner run FILE', or name another folder with --store", a.storeDir)
	}
	return st, err
}

// findRun opens the store and finds a run by id, prefix or experiment.
func (a *app) findRun(ctx context.Context, ref string) (*store.Store, store.Run, error) {
	st, err := a.existingStore(ctx)
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
		return usageError{err}
	}
	return err
}

// withRun parses --format, finds a run and calls f with it.
func (a *app) withRun(ctx context.Context, ref, format string, f func(st *store.Store, run store.Run, format words.Format) error) error {
	parsed, err := formatFlag(format, words.Table, words.JSON)
	if err != nil {
		return err
	}
	st, run, err := a.findRun(ctx, ref)
	if err != nil {
		return err
	}
	defer st.Close()
	return f(st, run, parsed)
}

// jobOf makes the job of a recorded run but for its threads; open opens its dataset.
func (a *app) jobOf(ctx context.Context, st *store.Store, run store.Run,
	open func(context.Context, data.Named) (*data.Dataset, error)) (runner.Job, error) {
	plan, err := planOf(run)
	if err != nil {
		return runner.Job{}, err
	}
	ds, err := open(ctx, plan.Dataset)
	if err != nil {
		return runner.Job{}, err
	}
	if ds.Fingerprint != run.Fingerprint {
		fmt.Fprintf(a.err, "warning: run %s was trained on other bytes of %s than those in the data folder\n", run.ID, run.Dataset)
	}
	return runner.Job{Plan: plan, Dataset: ds, Folder: st.Folder(run.ID)}, nil
}

// planOf makes the plan of a recorded run.
func planOf(run store.Run) (*runner.Plan, error) { return planIn(run, spec.Mode(run.Mode)) }

// planIn makes the plan of a recorded run in either mode.
func planIn(run store.Run, mode spec.Mode) (*runner.Plan, error) {
	e, faults := spec.Parse("run "+run.ID, []byte(run.Config))
	if len(faults) > 0 {
		return nil, damaged(run, faults)
	}
	e.Mode = mode
	plan, faults := runner.NewPlan(e, data.Kinds())
	if len(faults) > 0 {
		return nil, damaged(run, faults)
	}
	return plan, nil
}

// damaged is the error of a record that cannot be read back. It is no fault of
// a file of the user's.
func damaged(run store.Run, faults spec.Faults) error {
	return fmt.Errorf("the record of run %s cannot be read: %s", run.ID, faults.Error())
}

// formatFlag parses --format.
func formatFlag(name string, allowed ...words.Format) (words.Format, error) {
	f, err := words.ParseFormat(name, allowed...)
	if err != nil {
		return "", usageError{err}
	}
	return f, nil
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
	return usagef("unknown dataset %q, expected one of %s", name, strings.Join(slices.Compact(names), ", "))
}

// namedDataset is the dataset that an argument names as an experiment does.
func namedDataset(arg string) (data.Named, error) {
	item, faults := spec.ParseItem(arg)
	if len(faults) > 0 {
		return data.Named{}, usageError{faults}
	}
	kinds := data.Kinds()
	if !slices.ContainsFunc(kinds, func(k data.Kind) bool { return k.Name == item.Kind }) {
		return data.Named{}, usageError{data.Unknown(item.Kind, kinds)}
	}
	named, faults := data.Find(item, kinds)
	if len(faults) > 0 {
		return data.Named{}, usageError{faults}
	}
	return named, nil
}

// filterFlags adds --mode and --dataset, which choose among runs.
func filterFlags(cmd *cobra.Command, f *store.Filter) {
	cmd.Flags().StringVar(&f.Mode, "mode", "", "only runs in this mode: single-batch or full")
	cmd.Flags().StringVar(&f.Dataset, "dataset", "", "only runs on this dataset")
}

// checkMode refuses a mode that no run can have; "" is for any.
func checkMode(mode string) error {
	if m := spec.Mode(mode); mode != "" && m != spec.SingleBatch && m != spec.Full {
		return usagef("--mode: expected %s or %s, received %q", spec.SingleBatch, spec.Full, mode)
	}
	return nil
}

// rangeUsage makes a batch or sample that is out of range an error of usage.
func rangeUsage(err error) error {
	var outside *data.RangeError
	if errors.As(err, &outside) {
		return usageError{err}
	}
	return err
}
