package words

import (
	"runner/store"
)

// BestEpoch is the earliest epoch with the highest validation accuracy; nil if there is none.
func BestEpoch(epochs []store.Epoch) *store.Epoch {
	var best *store.Epoch
	for i := range epochs {
		if e := &epochs[i]; Finite(e.ValAccuracy) && (best == nil || e.ValAccuracy > best.ValAccuracy) {
			best = e
		}
	}
	return best
}
