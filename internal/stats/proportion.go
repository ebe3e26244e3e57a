package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// proportion is the interval of the proportion p of n trials that leaves out tail at each end (Wilson 1927: the
// proportions that a score test does not reject). It is 0 to 1 where n is 0, unknown.
func proportion(p float64, n int, tail float64) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	z := zQuantile(tail)
	size, square := float64(n), z*z
	centre := (p + square/(2*size)) / (1 + square/size)
	half := z / (1 + square/size) * math.Sqrt(p*(1-p)/size+square/(4*size*size))
	// Rounding must not push a bound past the proportion where the two are equal.
	return Interval{max(0, min(p, centre-half)), min(1, max(p, centre+half))}
}

// Proportions returns the two-sided p value of the z test that two proportions,
// each of n trials, are the same, with their joint proportion's variance.
func Proportions(p, q float64, n int) float64 {
	joint := (p + q) / 2
	return normalTest(p-q, math.Sqrt(2*joint*(1-joint)/float64(max(n, 1))))
}

// McNemar returns the exact two-sided p value of two classifiers being equally accurate, where b examples are
// classified correctly by the first alone and c by the second alone: a binomial test of b in b+c at one half (McNemar
// 1947).
func McNemar(b, c int) float64 {
	if b == c {
		return 1 // also without such examples
	}
	binomial := distuv.Binomial{N: float64(b + c), P: 0.5}
	return min(1, 2*binomial.CDF(float64(min(b, c))))
}
