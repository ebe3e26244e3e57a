package main

import (
	"cmp"
	"slices"

	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/store"
)

func newLeaderboard(a *app) *cobra.Command {
	var filter store.Filter
	var sort, format string
	var limit int
	cmd := &cobra.Command{
		Use:   "leaderboard",
		Short: "Compare experiments, best validation accuracy first",
		Args:  exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := formatFlag(format, report.Table, report.JSON, report.CSV, report.Markdown)
			if err != nil {
				return err
			}
			order, err := sortOrder(sort)
			if err != nil {
				return err
			}
			if limit < 0 {
				return usagef("--limit: expected 0 (all) or more, received %d", limit)
			}
			if err := checkFilter(filter); err != nil {
				return err
			}
			st, err := a.readStore(cmd.Context())
			if err != nil {
				return err
			}
			var standings []store.Standing
			if st != nil {
				defer st.Close()
				if standings, err = st.Standings(cmd.Context(), filter); err != nil {
					return err
				}
			}
			slices.SortStableFunc(standings, order)
			if limit > 0 {
				standings = standings[:min(limit, len(standings))]
			}
			return report.Leaderboard(a.out, standings, f, style(a.out))
		},
	}
	flags := cmd.Flags()
	filterFlags(cmd, &filter)
	flags.StringVar(&sort, "sort", "rank", "rank, experiment, parameters, multiply_adds, test_accuracy or seconds")
	flags.IntVar(&limit, "limit", 0, "print at most so many (0: all)")
	flags.StringVar(&format, "format", "table", "table, json, csv or markdown")
	return cmd
}

type standingOrder = func(a, b store.Standing) int

// sortOrder returns the order of the rows: best or least first.
func sortOrder(name string) (standingOrder, error) {
	orders := []struct {
		name  string
		order standingOrder
	}{
		{"rank", func(a, b store.Standing) int {
			// Accuracies on two datasets cannot be compared: each has its ranks.
			return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Rank, b.Rank))
		}},
		{"experiment", func(a, b store.Standing) int { return cmp.Compare(a.Experiment, b.Experiment) }},
		{"parameters", func(a, b store.Standing) int { return cmp.Compare(a.Parameters, b.Parameters) }},
		{"multiply_adds", func(a, b store.Standing) int { return cmp.Compare(a.MultiplyAdds, b.MultiplyAdds) }},
		{"test_accuracy", func(a, b store.Standing) int { return cmp.Compare(orLow(b.TestAccuracy), orLow(a.TestAccuracy)) }},
		{"seconds", func(a, b store.Standing) int { return cmp.Compare(a.SecondsPerEpoch, b.SecondsPerEpoch) }},
	}
	for _, o := range orders {
		if o.name == name {
			return o.order, nil
		}
	}
	return nil, usagef("--sort: expected rank, experiment, parameters, multiply_adds, test_accuracy or seconds, received %q", name)
}

func orLow(x *float64) float64 {
	if x == nil {
		return -1
	}
	return *x
}
