package stats

import "math"

// A Correlation is a rank correlation, -1 to 1. Interval is nil where there are
// too few points to tell one.
type Correlation struct {
	Tau      float64
	Interval *Interval
}

// Kendall returns Kendall's tau-b of points, which allows for ties (Kendall
// 1945), and from five points on its interval of the given confidence: Fisher's
// z of tau is close to normal with the variance 0.437/(n-4) (Fieller, Hartley
// and Pearson 1957). It is nil where all x or all y are equal. The time grows
// with the square of the number of points.
func Kendall(points [][2]float64, confidence float64) *Correlation {
	var agree, tiedX, tiedY, pairs int // agree: pairs in the same order less those in the opposite one
	for i, p := range points {
		for _, q := range points[:i] {
			x, y := sign(p[0]-q[0]), sign(p[1]-q[1])
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
	tau := float64(agree) / math.Sqrt(float64(pairs-tiedX)) / math.Sqrt(float64(pairs-tiedY))
	tau = max(-1, min(1, tau))
	if len(points) < 5 {
		return &Correlation{Tau: tau}
	}
	// At a tau of 1 z is infinite, and the interval the point itself.
	z, half := math.Atanh(tau), zQuantile((1-confidence)/2)*math.Sqrt(0.437/float64(len(points)-4))
	return &Correlation{tau, &Interval{math.Tanh(z - half), math.Tanh(z + half)}}
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
