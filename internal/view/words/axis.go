package words

import (
	"math"
	"strconv"
)

// Between is where v is on the way from low to high, 0 to 1; the middle where the two
// are one.
func Between(v, low, high float64) float64 {
	if high <= low {
		return 0.5
	}
	return v/(high-low) - low/(high-low)
}

// Ticks returns round numbers from low to high, not many more than most: with steps of
// 1, 2 or 5 times a power of ten.
func Ticks(low, high float64, most int) []float64 {
	if low == high {
		return []float64{low}
	}
	least := (high - low) / float64(most)
	step := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{2, 2.5, 2} { // 2, 5, 10
		if step < least {
			step *= m
		}
	}
	var values []float64
	first := math.Ceil(low / step)
	for i := range most + 1 {
		// Rounding may put a tick beside the bounds, or two in one place; above the range of
		// float64 it is no number.
		v := (first + float64(i)) * step
		if v >= low && v <= high && (len(values) == 0 || v > values[len(values)-1]) {
			values = append(values, v)
		}
	}
	return values
}

// AxisLabel writes values between lowest and highest in at most ten characters:
// with as many decimals as tell the rows of the axis apart, if there is room.
func AxisLabel(lowest, highest float64) func(float64) string {
	decimals := 2
	if highest > lowest {
		decimals = int(math.Ceil(min(max(1-math.Log10(highest-lowest), 0), 9)))
	}
	fixed := func(v float64) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
	if max(len(fixed(lowest)), len(fixed(highest))) <= 8 {
		return fixed
	}
	return func(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
}
