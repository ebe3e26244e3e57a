package term

import (
	"math"
	"testing"
)

func TestBar(t *testing.T) {
	for _, c := range []struct {
		fraction float64
		want     string
	}{{0, ""}, {1, "████"}, {0.5, "██"}, {0.53125, "██▏"}, {2, "████"}, {-1, ""}, {math.NaN(), ""}, {0.999, "████"}} {
		if got := bar(c.fraction, 4); got != c.want {
			t.Errorf("bar(%v) = %q, want %q", c.fraction, got, c.want)
		}
	}
}
