package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"runner/runner/sweep"
	"runner/store"
)

func newResume(a *app) *cobra.Command {
	var all bool
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "resume [RUN]",
		Short: "Go on with a run that was interrupted, to the same bits as if it never was",
		Long: `Go on with a run that was interrupted or that failed, from its last checkpoint, in
the middle of an epoch if need be. Without RUN the one run that was interrupted
is meant; --all goes on with all of them, the oldest first.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			if all && len(args) > 0 {
				return usagef("--all: expected no RUN besides, received %q", args[0])
			}
			ctx := cmd.Context()
			if len(args) == 1 {
				st, run, err := a.findRun(ctx, args[0])
				if err != nil {
					return err
				}
				defer st.Close()
				if run.Over() {
					return usagef("run %s has ended (%s): there is nothing to go on with", run.ID, run.Status)
				}
				return a.resume(ctx, st, []store.Run{run}, f)
			}
			return a.resumeInterrupted(ctx, all, f)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "go on with every run that was interrupted")
	f.add(cmd)
	f.addJobs(cmd)
	return cmd
}

// resumeInterrupted goes on with the one run that was interrupted, or with all.
func (a *app) resumeInterrupted(ctx context.Context, all bool, f trainFlags) error {
	st, err := a.existingStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	runs, err := st.Runs(ctx, store.Filter{})
	if err != nil {
		return err
	}
	var interrupted, running []store.Run
	for i := len(runs) - 1; i >= 0; i-- { // the oldest first
		switch runs[i].Status {
		case store.Interrupted:
			interrupted = append(interrupted, runs[i])
		case store.Running:
			running = append(running, runs[i])
		}
	}
	if len(interrupted) == 0 && len(running) > 0 {
		// Its parent may have been killed: then it is about to be interrupted.
		return &store.BusyError{Run: running[0]}
	}
	if len(interrupted) == 0 {
		fmt.Fprintln(a.err, "no run was interrupted: there is nothing to go on with")
		return nil
	}
	if !all && len(interrupted) > 1 {
		var lines strings.Builder
		for _, r := range interrupted {
			fmt.Fprintf(&lines, "\n  %s  %s  %d of %d epochs", r.ID, describe(r), r.Logged, r.Epochs)
		}
		return usagef("%d runs were interrupted, name one or say --all:%s", len(interrupted), &lines)
	}
	return a.resume(ctx, st, interrupted, f)
}

// resume goes on with recorded runs.
func (a *app) resume(ctx context.Context, st *store.Store, runs []store.Run, f trainFlags) error {
	ds := newDatasets(a.openData)
	defer ds.close()
	var ts tasks
	for _, run := range runs {
		job, err := a.jobOf(ctx, st, run, ds.open)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		ts.add(a, fmt.Sprintf("run %s of %s", run.ID, describe(run)), &sweep.Task{Job: job, Run: run}, err)
	}
	_, err := a.train(ctx, st, ts, f, results{a.out, true})
	return err
}
