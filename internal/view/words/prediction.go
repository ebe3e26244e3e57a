package words

import (
	"cmp"
	"fmt"
	"slices"

	"runner/store"
)

// Right says whether the most probable class is the true one.
func Right(p store.Prediction) bool {
	first := MostProbable(p.Probabilities, 1)
	return len(first) == 1 && first[0] == p.Label
}

// Tenths writes a fraction as a percentage with one decimal.
func Tenths(fraction float64) string {
	if !Finite(fraction) {
		return None
	}
	return fmt.Sprintf("%.1f%%", 100*fraction)
}

// MostProbable returns the top classes, most probable first. Of equal probabilities the lower index comes first; NaN
// comes last.
func MostProbable(probabilities []float64, top int) []int {
	ranked := make([]int, len(probabilities))
	for i := range ranked {
		ranked[i] = i
	}
	slices.SortStableFunc(ranked, func(a, b int) int { return cmp.Compare(probabilities[b], probabilities[a]) })
	return ranked[:max(0, min(top, len(ranked)))]
}

// ClassName is the name of a class, its number where it has none.
func ClassName(classes []string, label int) string {
	if label < 0 || label >= len(classes) {
		return fmt.Sprintf("class %d", label)
	}
	return classes[label]
}
