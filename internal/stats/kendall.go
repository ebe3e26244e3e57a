package stats

import (
	"cmp"
	"math"
)

// A Correlation is a rank correlation, -1 to 1. Interval is nil with too few points, and at -1 and 1.
type Correlation struct {
	Tau      float64
	Interval *Interval
}

// KendallPoints is the fewest points with which Kendall gives an interval.
const KendallPoints = 5

// Kendall returns Kendall's tau-b of points, which allows for ties (Kendall 1945), and from KendallPoints on its
// interval of the given confidence: Fisher's z of tau is close to normal with the variance 0.437/(n-4) (Fieller,
// Hartley and Pearson 1957). At a tau of -1 or 1 z is infinite and that variance says nothing, so there is none.
// Kendall is nil where all x or all y are equal. The time grows with the square of the number of points.
func Kendall(points [][2]float64, confidence float64) *Correlation {
	var agree, tiedX, tiedY, pairs int // agree: pairs in the same order less those in the opposite one
	for i, p := range points {
		for _, q := range points[:i] {
			x, y := cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])
			pairs++
			agree += x * y
			if x == 0 {
				tiedX++
			}
			if y == 0 {
				tiedY++
			}
		}
	}
	if tiedX == pairs || tiedY == pairs {
		return nil
	}
	// The root of a square is exact, and so is a tau of 1.
	tau := float64(agree) / math.Sqrt(float64(pairs-tiedX)*float64(pairs-tiedY))
	if len(points) < KendallPoints || math.Abs(tau) == 1 {
		return &Correlation{Tau: tau}
	}
	z, half := math.Atanh(tau), zQuantile((1-confidence)/2)*math.Sqrt(0.437/float64(len(points)-4))
	return &Correlation{tau, &Interval{math.Tanh(z - half), math.Tanh(z + half)}}
}
