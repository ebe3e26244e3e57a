package standing

import (
	"cmp"
	"context"
	"slices"

	"runner/internal/stats"
	"runner/internal/where"
	"runner/store"
)

// Options say what is compared, and how.
type Options struct {
	Filter store.Filter     // of the runs in the snapshot
	Where  where.Expression // over settings and results
	// Last compares the accuracies of last epochs instead of best ones, which are a little optimistic.
	Last bool
	// Target is the accuracy, 0..1, of SecondsToTarget; 0: none.
	Target float64
	// Group names settings: of the rows that agree in them only the best stays.
	Group []string
	Sort  string // see OrderError
	Limit int    // rows; 0: all
	// Curves fills in Standing.Curve, which only tables show.
	Curves bool
	// Columns are the results and settings to show, by their names; none: all results, and the settings
	// in which the rows differ.
	Columns []string
}

// Board is a leaderboard.
type Board struct {
	Standings []Standing
	// Filtered is the number of rows that Options.Where left out.
	Filtered int
	// More is the number of rows that the limit left out.
	More int
	// Tests says how the rows of each dataset were compared, by dataset.
	Tests []Test
	// Settings are the keys of Standing.Configuration, in the order of the experiment file.
	Settings []string
	// TestUses is how often the rows' runs were evaluated on examples of the test split. SortedByTest says that its
	// accuracy orders the rows.
	TestUses     int
	SortedByTest bool
	Target       float64  // Options.Target
	Columns      []string // Options.Columns
}

// Test says how the rows of a dataset were compared.
type Test struct {
	Dataset string `json:"dataset"` // Standing.Data
	stats.Test
}

// Compare compares the runs of a snapshot, which o.Filter picked. One snapshot and one set of options always make the
// same board. A wrong option is a *where.Error, an *UnknownKeyError or an *OrderError.
func Compare(ctx context.Context, v *store.Snapshot, o Options) (Board, error) {
	order, err := parseOrder(o.Sort)
	if err != nil {
		return Board{}, err
	}
	b := Board{SortedByTest: order.measure == Find("test_accuracy"), Target: o.Target, Columns: o.Columns}
	if len(v.Groups) == 0 {
		return b, o.check(order)
	}
	settings := &settings{ctx: ctx, v: v}
	rows := newStandings(v.Groups, o.Last)
	if o.Target > 0 {
		if err := reach(ctx, v, rows, o.Target); err != nil {
			return Board{}, err
		}
	}
	all := len(rows)
	if rows, err = filter(settings, rows, o.Where); err != nil {
		return Board{}, err
	}
	candidates := rows
	b.Filtered = all - len(rows)
	b.Tests = rank(rows, v.Datasets)
	markPareto(rows)
	for _, row := range rows {
		b.TestUses += row.TestUses
	}
	if rows, err = bestOf(settings, rows, o.Group); err != nil {
		return Board{}, err
	}
	if err := order.sort(rows, settings); err != nil {
		return Board{}, err
	}
	if o.Limit > 0 && len(rows) > o.Limit {
		b.More = len(rows) - o.Limit
		rows = rows[:o.Limit]
	}
	if o.Curves {
		if err := drawCurves(ctx, v, rows); err != nil {
			return Board{}, err
		}
	}
	if err := b.configure(settings, rows, candidates, o); err != nil {
		return Board{}, err
	}
	b.Standings = slices.Grow(b.Standings, len(rows))
	for _, row := range rows {
		b.Standings = append(b.Standings, *row)
	}
	return b, nil
}

// check refuses names that no experiment can have, for a store without experiments to look in.
func (o Options) check(order order) error {
	if order.measure == nil && !possible(order.setting) {
		return &OrderError{o.Sort}
	}
	for _, key := range slices.Concat(o.Columns, o.Group) {
		if Find(key) == nil && !possible(key) {
			return &UnknownKeyError{key}
		}
	}
	return nil
}

// compareData orders rows by their data.
func compareData(a, b *Standing) int {
	return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Fingerprint, b.Fingerprint))
}

// rank sorts the rows by dataset, the best first, and ranks them within each: accuracies on different datasets, or on
// different bytes of one, do not compare.
func rank(rows []*Standing, datasets []store.Dataset) []Test {
	slices.SortFunc(rows, func(a, b *Standing) int {
		if c := cmp.Or(compareData(a, b), cmp.Compare(b.accuracy(), a.accuracy())); c != 0 {
			return c // usually; cmp.Or would evaluate all the rest
		}
		return cmp.Or(
			cmp.Compare(a.Parameters, b.Parameters),
			cmp.Compare(a.Experiment, b.Experiment),
			cmp.Compare(a.Group, b.Group),
		)
	})
	var tests []Test
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && compareData(rows[n], rows[0]) == 0 {
			n++
		}
		tests = append(tests, rankDataset(rows[:n], examples(datasets, rows[0])))
		rows = rows[n:]
	}
	return tests
}

// examples is the number of validation examples that a row was measured on; 0: unknown.
func examples(datasets []store.Dataset, row *Standing) int {
	for _, d := range datasets {
		if d.Name == row.Dataset && d.Fingerprint == row.fingerprint {
			return d.Validation
		}
	}
	return 0
}

// rankDataset numbers the rows of a dataset, the best first.
func rankDataset(rows []*Standing, examples int) Test {
	accuracies := make([][]float64, len(rows))
	for i, row := range rows {
		accuracies[i] = row.accuracies
	}
	c := stats.Compare(accuracies, examples)
	for i, g := range c.Groups {
		row := rows[i]
		row.Rank, row.Tied = g.Rank, g.Tied
		if g.N == 0 {
			continue
		}
		row.Interval, row.MoreSeeds = g.Kind, g.MoreSeeds
		if g.Kind != "" {
			row.ValAccuracyLow, row.ValAccuracyHigh = &g.Interval.Low, &g.Interval.High
		}
	}
	return Test{rows[0].Data(), c.Test}
}
