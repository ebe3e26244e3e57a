package term

import (
	"math"
	"strings"
	"testing"

	"runner/store"
)

func TestEpochLine(t *testing.T) {
	e := store.Epoch{Epoch: 3, TrainLoss: 1.6021, BatchLoss: 1.5466, ValLoss: 1.5321, ValAccuracy: 0.449,
		LearningRate: 0.001, Seconds: 2.1, EvalSeconds: 0.3}
	want := "epoch  3/50  train 1.6021  batch 1.5466  val 1.5321  44.90%  lr 0.001    2.10s + 0.30s  best"
	if got := EpochLine(e, 50, true); got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	line := EpochLine(store.Epoch{Epoch: 12, TrainLoss: math.NaN(), BatchLoss: math.Inf(1), ValLoss: 12345.678,
		ValAccuracy:  0.0512,
		LearningRate: 3e-4, Seconds: 12.34, EvalSeconds: 0.3}, 50, false)
	// Epochs of one run stand under each other.
	for _, word := range []string{"train", "batch", "val", "%", "lr", "s + "} {
		if got, want := strings.Index(line, word), strings.Index(want, word); got != want {
			t.Errorf("%q is at %d, not %d:\n%s\n%s", word, got, want, line, EpochLine(e, 50, true))
		}
	}
	if strings.Contains(line, "best") {
		t.Errorf("marked as best: %s", line)
	}
}
