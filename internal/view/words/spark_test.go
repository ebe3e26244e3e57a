package words

import (
	"math"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		values    []float64
		low, high float64
		width     int
		want      string
	}{
		{nil, 0, 1, 8, ""},
		{[]float64{0, 0.5, 1}, 0, 1, 8, "▁▅█"},
		{[]float64{0, 0, 1, 1}, 0, 1, 2, "▁█"},
		{[]float64{0, 1, 0.5, 0.5, 1}, 0, 1, 2, "▅▆"},
		{[]float64{0.5, 0.5}, 0.5, 0.5, 8, "▁▁"},
		{[]float64{math.NaN(), 2, -1}, 0, 1, 8, " █▁"},
	} {
		if got := Spark(c.values, c.low, c.high, c.width); got != c.want {
			t.Errorf("spark(%v, %v, %v, %d) = %q, want %q", c.values, c.low, c.high, c.width, got, c.want)
		}
	}
}

// Whatever the numbers, there is one sign for each place.
func TestSparkProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64(), 0, 40).Draw(t, "values")
		got := Spark(values, rapid.Float64().Draw(t, "low"), rapid.Float64().Draw(t, "high"), 16)
		if n := utf8.RuneCountInString(got); n != min(16, len(values)) {
			t.Errorf("%d signs for %d values", n, len(values))
		}
	})
}
