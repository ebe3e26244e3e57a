package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Bartlett tests whether the variances behind the samples are equal (Bartlett 1937): the statistic, chi-square with one
// degree of freedom less than there are samples of two values or more, and its p value. Smaller samples are left out; p
// is 1 where fewer than two are left. A variance of 0 beside others is infinitely far from them.
func Bartlett(samples []Sample) (statistic, p float64) {
	pooled, df := Pooled(samples)
	total, k, inverse := float64(df), 0, 0.0
	for _, s := range samples {
		if s.N < 2 {
			continue
		}
		own := float64(s.N - 1)
		k++
		inverse += 1 / own
		if s.Variance != pooled {
			statistic += own * math.Log(pooled/s.Variance)
		}
	}
	if k < 2 {
		return 0, 1
	}
	statistic = max(0, statistic/(1+(inverse-1/total)/float64(3*(k-1))))
	return statistic, distuv.ChiSquared{K: float64(k - 1)}.Survival(statistic)
}
