package stats

import (
	"math"
	"testing"
)

// Without any data to go by tests separate nothing, and no number is NaN.
func TestWithoutVariance(t *testing.T) {
	one, two, other := Describe([]float64{0.5}), Describe([]float64{0.5, 0.5}), Describe([]float64{0.6, 0.6})
	infinity := math.Inf(1)
	tests := []struct {
		name      string
		got, want float64
	}{
		{"no values pool no variance", first(Pooled([]Sample{{}, one})), 0},
		{"no degrees of freedom", second(tTest(-0.1, 0.1, 0)), 1},
		{"no error, equal means", second(tTest(0, 0, 1)), 1},
		{"no error, means differ", second(tTest(-0.1, 0, 1)), 0},
		{"its t", first(tTest(-0.1, 0, 1)), -infinity},
		{"the other way", first(tTest(0.1, 0, 1)), infinity},
		{"welch, no variances", first(welch(0, 0, 2, 3)), 0},
		{"its degrees of freedom", second(welch(0, 0, 2, 3)), 1},
		{"bartlett, one sample of two values", second(Bartlett([]Sample{one, other})), 1},
		{"bartlett, no variances", second(Bartlett([]Sample{two, other})), 1},
		{"bartlett, one variance of 0", second(Bartlett([]Sample{two, Describe([]float64{0, 1})})), 0},
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
