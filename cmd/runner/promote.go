package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/internal/spec"
	"runner/internal/standing"
	"runner/runner"
	"runner/store"
)

func newPromote(a *app) *cobra.Command {
	var f sweepFlags
	var dataset, condition string
	var top, seeds int
	cmd := &cobra.Command{
		Use:   "promote",
		Short: "Train the best experiments of single-batch mode in full mode, then compare",
		Long: `Train the best experiments of single-batch mode in full mode, with the seeds that they
have there, and compare how the two modes order them (runner leaderboard --proxy). What is trained
already is not trained again.`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			format, err := formatFlag(f.format, report.Table, report.JSON)
			if err != nil {
				return err
			}
			if err := f.check(cmd); err != nil {
				return err
			}
			if top < 1 {
				return usagef("--top: expected 1 or more, received %d", top)
			}
			if seeds < 0 {
				return usagef("--seeds: expected 0 (all) or more, received %d", seeds)
			}
			o := standing.Options{Filter: store.Filter{Mode: string(spec.SingleBatch), Dataset: dataset}, Sort: "rank"}
			if err := pick(&o, condition); err != nil {
				return err
			}
			ctx := cmd.Context()
			plans, err := a.promoted(ctx, o, top, seeds)
			if err != nil {
				return err
			}
			if f.dryRun {
				return a.dryRun(ctx, plans, f, format)
			}
			return a.sweepAndCompare(ctx, plans, f, format, func() error { return a.printProxy(ctx, standing.Options{}, format) })
		},
	}
	f.trainFlags.add(cmd)
	f.addJobs(cmd)
	flags := cmd.Flags()
	flags.IntVar(&top, "top", 3, "so many experiments")
	flags.IntVar(&seeds, "seeds", 0, "at most so many seeds of each (0: all)")
	flags.StringVar(&dataset, "dataset", "", "only experiments on this dataset")
	flags.StringVar(&condition, "where", "", "only experiments of which this holds, as in runner leaderboard")
	flags.BoolVar(&f.dryRun, "dry-run", false, "only tell what would be trained, with its memory and time")
	flags.StringVar(&f.format, "format", "table", "of the results: table or json")
	return cmd
}

// promoted are the plans, in full mode, of the best experiments that o picks. What cannot be told apart from the
// last of them is named, for it may be better.
func (a *app) promoted(ctx context.Context, o standing.Options, top, seeds int) ([]*runner.Plan, error) {
	st, b, err := a.existingBoard(ctx, o)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	var plans []*runner.Plan
	picked := 0
	for i, row := range b.Standings {
		switch {
		case row.ValAccuracy == nil:
			continue
		case row.InitFrom != "":
			fmt.Fprintf(a.err, "%s: left out, it started from weights: train it with runner run --mode full --init-from\n", row.Experiment)
			continue
		case picked == top && row.Rank <= b.Standings[i-1].Rank:
			fmt.Fprintf(a.err, "%s: left out, though it has the same rank as the last one taken\n", row.Experiment)
			return plans, nil
		case picked == top:
			return plans, nil
		}
		picked++
		for n, r := range row.Runs {
			if seeds > 0 && n == seeds {
				break
			}
			run, err := st.Find(ctx, r.ID)
			if err != nil {
				return nil, err
			}
			plan, err := planIn(run, spec.Full)
			if err != nil {
				return nil, err
			}
			plans = append(plans, plan)
		}
	}
	if len(plans) == 0 {
		return nil, usagef("no experiment in single-batch mode to promote: train some with 'runner sweep'")
	}
	return plans, nil
}

// printProxy prints how the two modes order experiments.
func (a *app) printProxy(ctx context.Context, o standing.Options, format report.Format) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	var p standing.Proxy
	if st != nil {
		defer st.Close()
		if p, err = standing.CompareModes(ctx, st, o); err != nil {
			return wrongComparison(err)
		}
	}
	return report.Proxy(a.out, p, format, style(a.out))
}
