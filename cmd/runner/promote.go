package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"runner/internal/spec"
	"runner/internal/standing"
	"runner/internal/view/term"
	"runner/internal/view/words"
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
already is not trained again. Experiments that differ in data_batch alone are one in full mode: the best
of them is taken.`,
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
			plans, err := a.promoted(ctx, o, top, seeds)
			if err != nil {
				return err
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
	flags.StringVar(&condition, "where", "", "only experiments of which this holds, as in runner leaderboard")
	flags.BoolVar(&f.dryRun, "dry-run", false, "only tell what would be trained, with its memory and time")
	flags.StringVar(&f.format, "format", "table", "of the results: table or json")
	return cmd
}

// promoted are the plans, in full mode, of the best experiments that o picks, each network once. What cannot be told
// apart from the last of them is named, for it may be better.
func (a *app) promoted(ctx context.Context, o standing.Options, top, seeds int) ([]*runner.Plan, error) {
	st, b, err := a.existingBoard(ctx, o)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	rows := slices.DeleteFunc(b.Standings, func(row standing.Standing) bool { return row.ValAccuracy == nil })
	if err := oneDataset(rows); err != nil {
		return nil, err
	}
	var plans []*runner.Plan
	taken := make(map[string]bool) // by what they are in full mode
	last := 0                      // the rank of the last one taken
	for _, row := range rows {
		if len(taken) == top && row.Rank > last {
			break
		}
		all, err := fullPlans(ctx, st, row.Runs)
		if err != nil {
			return nil, err
		}
		network, err := all[0].Experiment.Hash(false)
		if err != nil {
			return nil, err
		}
		switch {
		case taken[network] && row.InitFrom == "":
			fmt.Fprintf(a.err, "%s: left out, it computes the same in full mode as one that is taken\n", row.Experiment)
		case len(taken) == top:
			fmt.Fprintf(a.err, "%s: left out, though it has the same rank as the last one taken\n", row.Experiment)
		case row.InitFrom != "":
			fmt.Fprintf(a.err, "%s: left out, it started from weights: train it with runner run --mode full --init-from\n", row.Experiment)
		default:
			taken[network], last = true, row.Rank
			if seeds > 0 {
				all = all[:min(seeds, len(all))]
			}
			plans = append(plans, all...)
		}
	}
	if len(plans) == 0 {
		return nil, usagef("no experiment in single-batch mode to promote: train some with 'runner sweep'")
	}
	return plans, nil
}

// oneDataset refuses rows on several datasets, whose ranks do not compare.
func oneDataset(rows []standing.Standing) error {
	var datasets []string // in their order
	for _, row := range rows {
		datasets = append(datasets, row.Dataset)
	}
	if datasets = slices.Compact(datasets); len(datasets) > 1 {
		return usagef("--dataset: expected %s, for accuracies on different datasets do not compare, received nothing", oneOf(datasets))
	}
	return nil
}

// fullPlans are the plans of recorded runs in full mode.
func fullPlans(ctx context.Context, st *store.Store, runs []store.GroupRun) ([]*runner.Plan, error) {
	var plans []*runner.Plan
	for _, r := range runs {
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
	return plans, nil
}

// printProxy prints how the two modes order experiments.
func (a *app) printProxy(ctx context.Context, o standing.Options, format words.Format) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	if st != nil {
		defer st.Close()
	}
	if err := knownDataset(ctx, st, o.Filter.Dataset); err != nil {
		return err
	}
	v, err := snapshot(ctx, st, store.Filter{Dataset: o.Filter.Dataset})
	if err != nil {
		return err
	}
	defer v.Close()
	p, err := standing.CompareModes(ctx, v, o)
	if err != nil {
		return wrongComparison(err)
	}
	return term.Proxy(a.out, p, format, style(a.out))
}
