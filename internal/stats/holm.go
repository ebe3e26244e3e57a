package stats

import (
	"cmp"
	"slices"
)

// Holm returns the p values adjusted for being many (Holm 1979): whoever refuses
// the hypotheses whose adjusted value is at most a level errs at all, in any of
// them, with no more than that probability.
func Holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	adjusted, last := make([]float64, len(p)), 0.0
	for step, i := range order {
		// An easier hypothesis is not refused before a harder one.
		last = max(last, min(1, float64(len(p)-step)*p[i]))
		adjusted[i] = last
	}
	return adjusted
}
