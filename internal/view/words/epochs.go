package words

import (
	"runner/store"
)

// BestEpoch is the earliest epoch with the highest validation accuracy, nil
// when there is none.
func BestEpoch(epochs []store.Epoch) *store.Epoch {
	var best *store.Epoch
	for i := range epochs {
		if e := &epochs[i]; Finite(e.ValAccuracy) && (best == nil || e.ValAccuracy > best.ValAccuracy) {
			best = e
		}
	}
	return best
}

// Series is one field of every epoch, times scale.
func Series(epochs []store.Epoch, scale float64, field func(store.Epoch) float64) []float64 {
	values := make([]float64, len(epochs))
	for i, e := range epochs {
		values[i] = scale * field(e)
	}
	return values
}
