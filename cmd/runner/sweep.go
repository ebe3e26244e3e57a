package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"runner/internal/standing"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
	"runner/runner/lab"
)

// sweepFlags are those that sweep alone has.
type sweepFlags struct {
	planFlags
	dryRun bool
	format string
}

func newSweep(a *app) *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep PATH...",
		Short: "Train every experiment under folders that is not trained yet, then compare",
		Long: `Train every experiment under folders that is not trained yet, several at a time,
and print the leaderboard. Finished runs are skipped. Runs that were interrupted or failed
are resumed; runs that another process trains are waited for. Runs that diverged would do so
again, and are skipped unless --retry-failed is given.`,
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
			if f.RetryFailed && f.Again {
				return usagef("--retry-failed: repeats what failed or diverged, --again everything: give one of them")
			}
			files, err := lab.ExperimentFiles(args)
			if err != nil {
				return err
			}
			plans, faults := lab.LoadValid(files, set)
			for _, fault := range faults {
				fmt.Fprintln(a.err, fault)
			}
			if len(plans) == 0 {
				if len(faults) > 0 {
					return lab.Usage(errReported)
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
				err = usagef("some experiment files are invalid and were skipped, see above")
			}
			return err
		},
	}
	f.add(cmd)
	f.addJobs(cmd)
	cmd.Flags().BoolVar(&f.RetryFailed, "retry-failed", false, "repeat the runs that failed or diverged, and nothing else")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "only print what would be trained, with its memory and time")
	cmd.Flags().StringVar(&f.format, "format", "table", "of the results: table or json")
	return cmd
}

// sweepAndCompare trains plans and then prints a comparison, unless it was stopped.
func (a *app) sweepAndCompare(
	ctx context.Context, plans []*runner.Plan, f sweepFlags, format words.Format, print func() error,
) error {
	t, err := a.lab.Sweep(ctx, plans, f.TrainOptions)
	if err == nil {
		r := results{to: a.out}
		if format == words.JSON {
			r.to = a.err // lines are no JSON
		}
		err = a.train(ctx, t, r)
	}
	if errors.Is(err, context.Canceled) {
		return err
	}
	return errors.Join(err, print())
}

// dryRun prints what a sweep would train.
func (a *app) dryRun(ctx context.Context, plans []*runner.Plan, f sweepFlags, format words.Format) error {
	d, err := a.lab.DryRun(ctx, plans, f.TrainOptions)
	if err != nil {
		return err
	}
	return term.WriteDryRun(a.out, d, format, style(a.out))
}

// printLeaderboard prints the table that a sweep ends with.
func (a *app) printLeaderboard(ctx context.Context, format words.Format) error {
	b, err := a.lab.Board(ctx, standing.Options{Sort: "rank", Curves: true})
	if err != nil {
		return err
	}
	return term.Leaderboard(a.out, b, format, style(a.out))
}
