package words

import (
	"math"
	"testing"

	"runner/store"
)

func TestBestEpoch(t *testing.T) {
	at := func(accuracies ...float64) int {
		var list []store.Epoch
		for i, a := range accuracies {
			list = append(list, store.Epoch{Epoch: i + 1, ValAccuracy: a})
		}
		if best := BestEpoch(list); best != nil {
			return best.Epoch
		}
		return 0
	}
	if at() != 0 || at(0.1, 0.3, 0.3, 0.2) != 2 || at(math.NaN(), 0) != 2 {
		t.Errorf("best epochs %d %d %d, want 0 2 2", at(), at(0.1, 0.3, 0.3, 0.2), at(math.NaN(), 0))
	}
}
