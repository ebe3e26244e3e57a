package stats

import (
	"cmp"
	"slices"
)

// Holm returns p values adjusted for their number (Holm 1979): if the hypotheses whose adjusted value is at most a
// level are rejected, the probability of any false rejection is at most that level.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	adjusted, last := make([]float64, len(p)), 0.0
	for step, i := range order {
		// No hypothesis is rejected before one with a smaller p value.
		last = max(last, min(1, float64(len(p)-step)*p[i]))
		adjusted[i] = last
	}
	return adjusted
}
