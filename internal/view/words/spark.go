package words

import (
	"math"
)

// sparks are the heights of a sparkline.
var sparks = []rune("▁▂▃▄▅▆▇█")

// Spark draws values between low and high in at most width cells, each the mean of the values that fall into it; blank
// where that is not finite.
func Spark(values []float64, low, high float64, width int) string {
	n := min(len(values), width)
	out := make([]rune, n)
	for i := range out {
		from, to := i*len(values)/n, (i+1)*len(values)/n
		mean := 0.0
		for _, v := range values[from:to] {
			mean += v / float64(to-from)
		}
		height := 0.0
		if high > low {
			height = (mean - low) / (high - low) * float64(len(sparks)-1)
		}
		if !Finite(height) {
			out[i] = ' '
			continue
		}
		out[i] = sparks[int(math.Round(min(max(height, 0), float64(len(sparks)-1))))]
	}
	return string(out)
}
