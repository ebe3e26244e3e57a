package lab

import (
	"context"
	"slices"
	"strings"

	"runner/internal/spec"
	"runner/internal/standing"
	"runner/runner"
	"runner/store"
)

// Promote returns the plans, in full mode, of the best experiments that o picks, each network once and with so many
// seeds, 0 for all. It warns of those that share the rank of the last one taken, as they may be better.
func (l *Lab) Promote(ctx context.Context, o standing.Options, top, seeds int) ([]*runner.Plan, error) {
	st, b, err := l.openBoard(ctx, o)
	if err != nil {
		return nil, err
	}
	defer st.Close()
	rows := slices.DeleteFunc(b.Standings, func(row standing.Standing) bool { return row.ValAccuracy == nil })
	if err := oneDataset(rows); err != nil {
		return nil, err
	}
	var plans []*runner.Plan
	taken := make(map[string]bool) // by their hash in full mode
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
			l.warnf("%s: left out, it computes the same in full mode as another one", row.Experiment)
		case len(taken) == top:
			l.warnf("%s: left out, though it has the same rank as the last one taken", row.Experiment)
		case row.InitFrom != "":
			l.warnf("%s: left out, it started from weights: train it with runner run --mode full --init-from",
				row.Experiment)
		default:
			taken[network], last = true, row.Rank
			if seeds > 0 {
				all = all[:min(seeds, len(all))]
			}
			plans = append(plans, all...)
		}
	}
	if len(plans) == 0 {
		return nil, Usagef("no experiment in single-batch mode to promote: train some with 'runner sweep'")
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
		last := len(datasets) - 1
		return Usagef("--dataset: expected %s or %s, "+
			"as accuracies on different datasets do not compare, received nothing", strings.Join(datasets[:last], ", "),
			datasets[last])
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
