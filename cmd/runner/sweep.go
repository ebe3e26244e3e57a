package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"runner/internal/spec"
	"runner/internal/standing"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// sweepFlags are those that sweep alone has.
type sweepFlags struct {
	planFlags
	retryFailed, dryRun bool
	format              string
}

func newSweep(a *app) *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep PATH...",
		Short: "Train every experiment under folders that is not trained yet, then compare",
		Long: `Train every experiment under folders that is not trained yet, several at a time,
and print the leaderboard. What was interrupted, or failed, is gone on with; what
another process trains is waited for. What diverged would do so again, and is left
alone unless --retry-failed is given.`,
		Args: atLeast(1, "a folder or an experiment file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := f.overrides(cmd)
			if err != nil {
				return err
			}
			format, err := formatFlag(f.format, words.Table, words.JSON)
			if err != nil {
				return err
			}
			if f.retryFailed && f.again {
				return usagef("--retry-failed: repeats what failed or diverged, --again everything: give one of them")
			}
			files, err := experimentFiles(args)
			if err != nil {
				return err
			}
			plans, faults := sweepPlans(files, set)
			for _, fault := range faults {
				fmt.Fprintln(a.err, fault)
			}
			if len(plans) == 0 {
				if len(faults) > 0 {
					return usageError{errReported}
				}
				return usagef("nothing to train: every file is abstract, only for others to extend")
			}
			ctx := cmd.Context()
			if f.dryRun {
				err = a.dryRun(ctx, plans, f, format)
			} else {
				err = a.sweepAndCompare(ctx, plans, f, format, func() error { return a.printLeaderboard(ctx, format) })
			}
			if err == nil && len(faults) > 0 {
				err = usagef("some experiment files are invalid and were left out, see above")
			}
			return err
		},
	}
	f.add(cmd)
	f.addJobs(cmd)
	cmd.Flags().BoolVar(&f.retryFailed, "retry-failed", false, "repeat the runs that failed or diverged, and nothing else")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "only tell what would be trained, with its memory and time")
	cmd.Flags().StringVar(&f.format, "format", "table", "of the results: table or json")
	return cmd
}

// sweepAndCompare trains plans and prints what they come to, unless it was stopped.
func (a *app) sweepAndCompare(ctx context.Context, plans []*runner.Plan, f sweepFlags, format words.Format, print func() error) error {
	to := a.out
	if format == words.JSON {
		to = a.err // lines are no JSON
	}
	err := a.sweep(ctx, plans, f, to)
	if errors.Is(err, context.Canceled) {
		return err
	}
	return errors.Join(err, print())
}

func (a *app) sweep(ctx context.Context, plans []*runner.Plan, f sweepFlags, to *os.File) error {
	st, err := store.Open(ctx, a.storeDir)
	if err != nil {
		return err
	}
	defer st.Close()
	ds := newDatasets(a.openData)
	defer ds.close()
	ts, err := a.planTasks(ctx, plans, f.planFlags, ds)
	if err != nil {
		return err
	}
	if f.retryFailed {
		if ts.train, err = failedTasks(ctx, st, ts.train); err != nil {
			return err
		}
		if len(ts.train) == 0 {
			fmt.Fprintln(a.err, "no run failed or diverged: there is nothing to repeat")
		}
	}
	number, err := st.BeginSweep(ctx, sweepRuns(ts.train))
	if err != nil {
		return err
	}
	done, err := a.train(ctx, st, ts, f.trainFlags, results{to, false})
	if end := st.EndSweep(context.WithoutCancel(ctx), number, done); end != nil {
		return errors.Join(err, end)
	}
	return err
}

// sweepRuns are tasks as the store records them, for those who look how far the
// sweep is.
func sweepRuns(tasks []*sweep.Task) []store.SweepRun {
	runs := make([]store.SweepRun, len(tasks))
	for i, t := range tasks {
		r := t.Run
		runs[i] = store.SweepRun{Identity: r.Identity, Experiment: r.Experiment, Seed: r.Seed, Mode: r.Mode, Epochs: r.Epochs, Work: t.Work(), Again: t.Again}
	}
	return runs
}

// failedTasks returns those of the tasks whose run failed, to be gone on with, or
// diverged, to be begun anew.
func failedTasks(ctx context.Context, st *store.Store, tasks []*sweep.Task) ([]*sweep.Task, error) {
	var failed []*sweep.Task
	for _, t := range tasks {
		run, _, found, err := st.Look(ctx, t.Run.Identity)
		if err != nil {
			return nil, err
		}
		if found && (run.Status == store.Failed || run.Status == store.Diverged) {
			t.Again = run.Status == store.Diverged
			failed = append(failed, t)
		}
	}
	return failed, nil
}

// printLeaderboard prints the table that a sweep ends with.
func (a *app) printLeaderboard(ctx context.Context, format words.Format) error {
	b, err := a.board(ctx, standing.Options{Sort: "rank", Curves: true})
	if err != nil {
		return err
	}
	return term.Leaderboard(a.out, b, format, style(a.out))
}

// sweepPlans reads the files that are valid; the faults of the others do not
// stop them.
func sweepPlans(files, set []string) ([]*runner.Plan, spec.Faults) {
	var plans []*runner.Plan
	var faults spec.Faults
	for _, file := range files {
		loaded, more := loadFile(file, set)
		if len(more) > 0 {
			faults = append(faults, more...)
			continue
		}
		plans = append(plans, loaded...)
	}
	return plans, faults.Distinct()
}
