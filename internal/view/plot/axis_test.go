package plot

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		most      int
		want      []float64
	}{
		{1, 3, 8, []float64{1, 1.5, 2, 2.5, 3}},
		{1, 100, 8, []float64{20, 40, 60, 80, 100}},
		{0.36, 1.94, 4, []float64{0.5, 1, 1.5}},
		{-3, 5, 4, []float64{-2, 0, 2, 4}},
		{7, 7, 4, []float64{7}},
		{0.37502872943878174, 0.3750287294387818, 4, []float64{0.3750287294387818}}, // two neighbours
		{math.Inf(1), math.Inf(-1), 4, nil},                                         // of no values
		{-math.MaxFloat64, math.MaxFloat64, 4, nil},
	} {
		if diff := cmp.Diff(c.want, Axis{c.low, c.high}.Ticks(c.most)); diff != "" {
			t.Errorf("ticks(%v, %v, %d): %s", c.low, c.high, c.most, diff)
		}
	}
}

// Ticks are few, within their bounds and in order, however the bounds lie.
func TestTicksProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-1e12, 1e12).Draw(t, "low")
		high := low + rapid.Float64Range(0, 1e12).Draw(t, "range")
		values := Axis{low, high}.Ticks(5)
		if len(values) > 6 {
			t.Errorf("%d ticks", len(values))
		}
		for i, v := range values {
			if v < low || v > high || i > 0 && v <= values[i-1] {
				t.Errorf("tick %v of %v, from %v to %v", v, values, low, high)
			}
		}
	})
}

func TestAt(t *testing.T) {
	for _, c := range []struct{ v, low, high, want float64 }{
		{3, 2, 4, 0.5}, {2, 2, 4, 0}, {7, 7, 7, 0.5}, {math.MaxFloat64, -math.MaxFloat64, math.MaxFloat64, 0},
	} {
		if got := (Axis{c.low, c.high}).At(c.v); got != c.want {
			t.Errorf("%v lies at %v from %v to %v, want %v", c.v, got, c.low, c.high, c.want)
		}
	}
}

func TestEpochTicks(t *testing.T) {
	for last, want := range map[int][]int{
		1: {1}, 4: {1, 2, 3, 4}, 25: {1, 5, 10, 15, 20, 25}, 90: {1, 20, 40, 60, 80},
	} {
		if diff := cmp.Diff(want, EpochTicks(last, 8)); diff != "" {
			t.Errorf("%d epochs (-want +got):\n%s", last, diff)
		}
	}
	if got := EpochTicks(100_000, 8); len(got) > 9 {
		t.Errorf("of a long training: %v", got)
	}
}
