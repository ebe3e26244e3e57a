package plot

import (
	"math"
	"slices"
	"strconv"
)

// Axis is the range of values that an axis shows.
type Axis struct{ Low, High float64 }

// At is where v lies on the axis, from 0 at its low end to 1; the middle where both ends are one.
func (a Axis) At(v float64) float64 {
	if a.High <= a.Low {
		return 0.5
	}
	return v/(a.High-a.Low) - a.Low/(a.High-a.Low) // the difference of large values may overflow
}

// Ticks returns round numbers on the axis, most or one more: with steps of 1, 2 or 5 times a power of ten.
func (a Axis) Ticks(most int) []float64 {
	if a.Low == a.High {
		return []float64{a.Low}
	}
	least := (a.High - a.Low) / float64(most)
	step := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{2, 2.5, 2} { // 2, 5, 10
		if step < least {
			step *= m
		}
	}
	var values []float64
	first := math.Ceil(a.Low / step)
	for i := range most + 1 {
		// Rounding may put a tick beside the ends, or two in one place; near the largest float64 it is NaN.
		v := (first + float64(i)) * step
		if v >= a.Low && v <= a.High && (len(values) == 0 || v > values[len(values)-1]) {
			values = append(values, v)
		}
	}
	return values
}

// EpochTicks returns the first epoch and round ones after it, most or two more.
func EpochTicks(last, most int) []int {
	epochs := []int{1}
	round := slices.DeleteFunc(Axis{1, float64(last)}.Ticks(most), func(v float64) bool { return v != math.Trunc(v) })
	for _, v := range round {
		// Not onto the first.
		if epoch := int(v); epoch > 1 && (len(round) < 2 || 8*(v-1) >= round[1]-round[0]) {
			epochs = append(epochs, epoch)
		}
	}
	return epochs
}

// Label returns a function that writes values on the axis in at most ten characters: with as many decimals as tell the
// ticks apart, if there is room.
func (a Axis) Label() func(float64) string {
	decimals := 2
	if a.High > a.Low {
		decimals = int(math.Ceil(min(max(1-math.Log10(a.High-a.Low), 0), 9)))
	}
	fixed := func(v float64) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
	if max(len(fixed(a.Low)), len(fixed(a.High))) <= 8 {
		return fixed
	}
	return func(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
}
