package main

import (
	"context"

	"github.com/spf13/cobra"

	"runner/internal/spec"
	"runner/internal/standing"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/store"
)

func newPromote(a *app) *cobra.Command {
	var f sweepFlags
	var dataset, condition string
	var top, seeds int
	cmd := &cobra.Command{
		Use:   "promote",
		Short: "Train the best experiments of single-batch mode in full mode, then compare",
		Long: `Train the best experiments of single-batch mode in full mode, with the same seeds, and compare
how the two modes order them (runner leaderboard --proxy). Finished runs are skipped. Experiments that
differ in data_batch alone are one in full mode: the best of them is taken.`,
		Args: exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			format, err := formatFlag(f.format, words.Table, words.JSON)
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
			plans, err := a.lab.Promote(ctx, o, top, seeds)
			if err != nil {
				return wrongComparison(err)
			}
			if f.dryRun {
				return a.dryRun(ctx, plans, f, format)
			}
			same := standing.Options{Filter: store.Filter{Dataset: dataset}, Where: o.Where}
			return a.sweepAndCompare(ctx, plans, f, format, func() error { return a.printProxy(ctx, same, format) })
		},
	}
	f.trainFlags.add(cmd)
	f.addJobs(cmd)
	flags := cmd.Flags()
	flags.IntVar(&top, "top", 3, "so many experiments")
	flags.IntVar(&seeds, "seeds", 0, "at most so many seeds of each (0: all)")
	flags.StringVar(&dataset, "dataset", "", "only experiments on this dataset")
	flags.StringVar(&condition, "where", "", "only experiments that meet this condition, as in runner leaderboard")
	flags.BoolVar(&f.dryRun, "dry-run", false, "only print what would be trained, with its memory and time")
	flags.StringVar(&f.format, "format", "table", "of the results: table or json")
	return cmd
}

// printProxy prints how the two modes order experiments.
func (a *app) printProxy(ctx context.Context, o standing.Options, format words.Format) error {
	p, err := a.lab.Proxy(ctx, o)
	if err != nil {
		return wrongComparison(err)
	}
	return term.Proxy(a.out, p, format, style(a.out))
}
