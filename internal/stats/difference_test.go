package stats

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The proportions are Newcombe's own examples (1998, table II, rows c and g); the means are worked by
// hand with t(0.975, 4) = 2.776445.
func TestDifferenceInterval(t *testing.T) {
	for _, c := range []struct {
		name   string
		groups [][]float64
		trials int
		want   Interval
	}{
		{"9/10 and 3/10", [][]float64{{0.9}, {0.3}}, 10, Interval{0.1705, 0.8090}},
		{"0/10 and 0/10", [][]float64{{0}, {0}}, 10, Interval{-0.2775, 0.2775}},
		{"three seeds each", [][]float64{{0.1, 0.2, 0.3}, {0.3, 0.4, 0.5}}, 1000, Interval{-0.42670, 0.02670}},
		{"one seed borrows", [][]float64{{0.5}, {0.3, 0.4, 0.5}}, 1000, Interval{-0.39683, 0.59683}},
		{"no values", [][]float64{{}, {0.3, 0.4}}, 10, Interval{-1, 1}},
	} {
		got := Compare(c.groups, c.trials).DifferenceInterval(0, 1)
		if math.Abs(got.Low-c.want.Low) > 5e-5 || math.Abs(got.High-c.want.High) > 5e-5 {
			t.Errorf("%s: %v, expected %v", c.name, got, c.want)
		}
	}
}

// An interval holds the difference, is that of the opposite one turned around, and with seeds leaves
// out 0 where the pair's own p value is below the level.
func TestDifferenceIntervalProperty(t *testing.T) {
	accuracy := rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(0, 100).Draw(t, "right")) / 100 })
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfN(rapid.SliceOfN(accuracy, 1, 5), 2, 4).Draw(t, "groups")
		c := Compare(groups, 100)
		pair, got, back := c.Pair(0, 1), c.DifferenceInterval(0, 1), c.DifferenceInterval(1, 0)
		if got.Low > pair.Difference || got.High < pair.Difference {
			t.Fatalf("%v does not hold %v", got, pair.Difference)
		}
		if math.Abs(got.Low+back.High) > 1e-9 || math.Abs(got.High+back.Low) > 1e-9 {
			t.Fatalf("%v, turned around %v", got, back)
		}
		if near := math.Abs(pair.P-0.05) < 1e-6; c.Test.DF > 0 && !near && (pair.P < 0.05) != (got.Low > 0 || got.High < 0) {
			t.Fatalf("p = %v, interval %v", pair.P, got)
		}
	})
}
