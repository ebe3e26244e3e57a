package standing

import (
	"cmp"
	"context"
	"slices"

	"runner/internal/stats"
	"runner/store"
)

// Options say what is compared, and how.
type Options struct {
	Filter store.Filter
	Where  Where // nil: all rows
	// Last compares the accuracies of last epochs, which no choice has made better, instead of
	// best ones.
	Last bool
	// Examples tells the number of examples in a dataset's validation split.
	Examples func(dataset string) int
	// Target is an accuracy, 0..1, that SecondsToTarget is the time to; 0: none.
	Target float64
	// Group names settings: of the rows that agree in them, only the best is left.
	Group []string
	Sort  Order
	Limit int // rows; 0: all
	// Columns are settings to show besides those in which the rows differ.
	Columns []string
}

// Where tells whether a row is compared, by what a key of it stands for.
type Where interface {
	Match(lookup func(key string) (text string, ok bool)) bool
	CheckKeys(known []string) error
}

// Board is a leaderboard.
type Board struct {
	Standings []Standing
	// More is the number of rows that the limit left out.
	More int
	// Tests says of each dataset how its rows were compared, in the order of the datasets.
	Tests []Test
	// Settings are the keys of Standing.Configuration: those in which the rows differ, in the order of
	// the experiment file, and Options.Columns.
	Settings []string
	// TestLooks is how often the rows' runs were evaluated on examples of the test split.
	TestLooks int
}

// Test says how the rows of a dataset were compared.
type Test struct {
	Dataset string
	stats.Method
}

// Compare reads the runs in a store and compares them.
func Compare(ctx context.Context, st *store.Store, o Options) (Board, error) {
	groups, err := st.Groups(ctx, o.Filter)
	if err != nil {
		return Board{}, err
	}
	rows := make([]Standing, len(groups))
	for i, g := range groups {
		rows[i] = newStanding(g, o.Last)
	}
	if o.Target > 0 {
		if err := reach(ctx, st, rows, o.Target); err != nil {
			return Board{}, err
		}
	}
	if rows, err = filter(ctx, st, rows, o.Where); err != nil {
		return Board{}, err
	}
	var b Board
	b.Tests = rank(rows, o.Examples)
	markPareto(rows)
	for _, row := range rows {
		b.TestLooks += row.TestLooks
	}
	if rows, err = bestOf(ctx, st, rows, o.Group); err != nil {
		return Board{}, err
	}
	if o.Sort != nil {
		slices.SortStableFunc(rows, func(a, b Standing) int { return o.Sort(&a, &b) })
	}
	if o.Limit > 0 && len(rows) > o.Limit {
		b.More = len(rows) - o.Limit
		rows = rows[:o.Limit]
	}
	b.Standings = rows
	return b, b.configure(ctx, st, o)
}

// rank sorts the rows, the datasets by name and in each the best first, and numbers those of each
// dataset: accuracies on different datasets do not compare.
func rank(rows []Standing, examples func(string) int) []Test {
	slices.SortFunc(rows, func(a, b Standing) int {
		return cmp.Or(
			cmp.Compare(a.Dataset, b.Dataset),
			cmp.Compare(b.accuracy(), a.accuracy()),
			cmp.Compare(a.Parameters, b.Parameters),
			cmp.Compare(a.Experiment, b.Experiment),
			cmp.Compare(a.group, b.group),
		)
	})
	var tests []Test
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Dataset == rows[0].Dataset {
			n++
		}
		tests = append(tests, rankDataset(rows[:n], examples(rows[0].Dataset)))
		rows = rows[n:]
	}
	return tests
}
