package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/internal/spec"
	"runner/runner"
	"runner/store"
)

func newSweep(a *app) *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "sweep PATH...",
		Short: "Train every experiment under folders that is not trained yet, then compare",
		Args:  atLeast(1, "a folder or an experiment file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := f.overrides(cmd)
			if err != nil {
				return err
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
			err = a.sweep(ctx, plans, f)
			if err == nil && len(faults) > 0 {
				err = usagef("some experiment files are invalid and were left out, see above")
			}
			if errors.Is(err, context.Canceled) {
				return err
			}
			return errors.Join(err, a.printLeaderboard(ctx))
		},
	}
	f.add(cmd)
	f.addJobs(cmd)
	return cmd
}

func (a *app) sweep(ctx context.Context, plans []*runner.Plan, f planFlags) error {
	st, err := store.Open(ctx, a.storeDir)
	if err != nil {
		return err
	}
	defer st.Close()
	ds := newDatasets(a)
	defer ds.close()
	return a.train(ctx, st, a.planTasks(ctx, plans, f, ds), f.trainFlags, true)
}

// printLeaderboard prints the table that a sweep ends with.
func (a *app) printLeaderboard(ctx context.Context) error {
	st, err := a.readStore(ctx)
	if err != nil || st == nil {
		return err
	}
	defer st.Close()
	standings, err := st.Standings(ctx, store.Filter{})
	if err != nil {
		return err
	}
	return report.Leaderboard(a.out, standings, report.Table, style(a.out))
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
