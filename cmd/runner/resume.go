package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"runner/store"
)

func newResume(a *app) *cobra.Command {
	var all bool
	var threads int
	cmd := &cobra.Command{
		Use:   "resume [RUN]",
		Short: "Go on with a run that was interrupted, to the same bits as if it never was",
		Long: `Go on with a run that was interrupted or that failed, from its last checkpoint, in
the middle of an epoch if need be. Without RUN the one run that was interrupted
is meant; --all goes on with all of them, the oldest first.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkThreads(threads); err != nil {
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
				return a.resume(ctx, st, run, threads)
			}
			return a.resumeInterrupted(ctx, all, threads)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "go on with every run that was interrupted")
	threadsFlag(cmd, &threads)
	return cmd
}

// resumeInterrupted goes on with the one run that was interrupted, or with all.
func (a *app) resumeInterrupted(ctx context.Context, all bool, threads int) error {
	st, err := a.existingStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	runs, err := st.Runs(ctx, store.Filter{})
	if err != nil {
		return err
	}
	var interrupted []store.Run
	for i := len(runs) - 1; i >= 0; i-- { // the oldest first
		if runs[i].Status == store.Interrupted {
			interrupted = append(interrupted, runs[i])
		}
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
	failed := 0
	for _, run := range interrupted {
		err := a.resume(ctx, st, run, threads)
		if errors.Is(err, context.Canceled) {
			return err
		}
		if err != nil {
			failed++
			fmt.Fprintf(a.err, "run %s of %s: %v\n", run.ID, run.Experiment, err)
		}
	}
	if failed > 0 {
		return fmt.Errorf("runs that failed: %d of %d", failed, len(interrupted))
	}
	return nil
}

// resume goes on with one run.
func (a *app) resume(ctx context.Context, st *store.Store, run store.Run, threads int) error {
	if run.Over() {
		return usagef("run %s has ended (%s): there is nothing to go on with", run.ID, run.Status)
	}
	job, err := a.jobOf(ctx, st, run, threads)
	if err != nil {
		return err
	}
	defer job.Dataset.Close()
	if err := trainable(ctx, job); err != nil {
		return err
	}
	if run, err = st.Resume(ctx, run.ID); err != nil {
		return err
	}
	return a.follow(ctx, st, run, job)
}
