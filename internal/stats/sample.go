package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// A Sample is what intervals and tests need to know of one group of values.
type Sample struct {
	N              int
	Mean, Variance float64 // Variance is 0 where N is less than 2
}

// Describe returns the sample of values; they have to be finite.
func Describe(values []float64) Sample {
	switch len(values) {
	case 0:
		return Sample{}
	case 1:
		return Sample{N: 1, Mean: values[0]}
	}
	mean, variance := stat.MeanVariance(values, nil)
	return Sample{len(values), mean, variance}
}

// Pooled returns the variance within the samples, all taken together, and its
// degrees of freedom: the sum of N-1. It is 0 and 0 where no sample has two values.
func Pooled(samples []Sample) (variance float64, df int) {
	sum := 0.0
	for _, s := range samples {
		if s.N >= 2 {
			sum += float64(s.N-1) * s.Variance
			df += s.N - 1
		}
	}
	if df == 0 {
		return 0, 0
	}
	return sum / float64(df), df
}

// An Interval reaches from Low to High, both included.
type Interval struct{ Low, High float64 }

// student is Student's interval of the mean behind s, which has at least two
// values; it leaves out students.tail at each end.
func student(s Sample, students *table) Interval {
	half := students.quantile(s.N-1) * standardError(s.Variance, s.N)
	return Interval{s.Mean - half, s.Mean + half}
}

func standardError(variance float64, n int) float64 { return math.Sqrt(variance / float64(n)) }
