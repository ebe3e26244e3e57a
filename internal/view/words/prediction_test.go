package words

import (
	"math"
	"slices"
	"testing"
)

func TestMostProbable(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		probabilities []float64
		top           int
		want          []int
	}{
		{[]float64{0.1, 0.7, 0.2}, 2, []int{1, 2}},
		{[]float64{0.5, 0.5}, 5, []int{0, 1}},
		{[]float64{nan, 0, nan, 1}, 4, []int{3, 1, 0, 2}},
		{nil, 3, []int{}},
		{[]float64{1}, -1, []int{}},
	} {
		if got := MostProbable(c.probabilities, c.top); !slices.Equal(got, c.want) {
			t.Errorf("mostProbable(%v, %d) = %v, want %v", c.probabilities, c.top, got, c.want)
		}
	}
}
