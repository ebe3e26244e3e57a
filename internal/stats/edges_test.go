package stats

import (
	"math"
	"testing"
)

// Where there is nothing to go by, tests tell nothing apart and no number is NaN.
func TestWithoutVariance(t *testing.T) {
	one, two, other := Describe([]float64{0.5}), Describe([]float64{0.5, 0.5}), Describe([]float64{0.6, 0.6})
	infinity := math.Inf(1)
	tests := []struct {
		name      string
		got, want float64
	}{
		{"no values pool no variance", first(Pooled([]Sample{{}, one})), 0},
		{"pooled, no degrees of freedom", PooledT(one, other, 0, 0).P, 1},
		{"pooled, no variance, equal means", PooledT(one, two, 0, 1).P, 1},
		{"pooled, no variance, means differ", PooledT(one, other, 0, 1).P, 0},
		{"its t", PooledT(one, other, 0, 1).T, -infinity},
		{"welch, one value", Welch(one, other).P, 1},
		{"welch, equal means", Welch(two, two).P, 1},
		{"welch, means differ", Welch(other, two).P, 0},
		{"its t", Welch(other, two).T, infinity},
		{"bartlett, one sample of two values", second(Bartlett([]Sample{one, other})), 1},
		{"bartlett, no variances", second(Bartlett([]Sample{two, other})), 1},
		{"bartlett, one variance of 0", second(Bartlett([]Sample{two, Describe([]float64{0, 1})})), 0},
		{"mean of one value", MeanInterval(one, 0.95).High, infinity},
		{"no trials", Wilson(0, 0, 0.95).High, 1},
		{"equal proportions at the edge", Proportions(1, 1, 10), 1},
		{"no trials behind proportions", Proportions(0.3, 0.3, 0), 1},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: got %v, expected %v", test.name, test.got, test.want)
		}
	}
}

func first[A, B any](a A, _ B) A  { return a }
func second[A, B any](_ A, b B) B { return b }

// The tau of a perfect order is 1 to the last bit, with ties too, and has no interval.
func TestKendallOfPerfectOrders(t *testing.T) {
	for n := 2; n < 60; n++ {
		for _, tied := range []int{1, 3} {
			var same, opposite [][2]float64
			for i := range n * tied {
				x := float64(i / tied)
				same, opposite = append(same, [2]float64{x, x}), append(opposite, [2]float64{x, -x})
			}
			if got := Kendall(same, 0.95); got.Tau != 1 || got.Interval != nil {
				t.Errorf("%d in the same order, %d of each: %+v, expected 1 without an interval", n, tied, *got)
			}
			if got := Kendall(opposite, 0.95); got.Tau != -1 || got.Interval != nil {
				t.Errorf("%d in the opposite order, %d of each: %+v, expected -1 without an interval", n, tied, *got)
			}
		}
	}
}

func TestKendallOfTies(t *testing.T) {
	for _, points := range [][][2]float64{nil, {{1, 2}}, {{1, 2}, {1, 3}, {1, 4}}, {{1, 2}, {2, 2}}} {
		if got := Kendall(points, 0.95); got != nil {
			t.Errorf("tau of %v is %v, expected none", points, got.Tau)
		}
	}
}
