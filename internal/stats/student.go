package stats

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// pooled returns the standard error of a difference of two means, m and n values each, at least 1, which share a
// variance. It may come from more samples than these two, as in Fisher's least significant difference (see Pooled).
func pooled(variance float64, m, n int) float64 {
	return math.Hypot(standardError(variance, m), standardError(variance, n))
}

// welch returns the standard error of a difference of two means, m and n values each, at least 2, whose variances v and
// w may differ (Welch 1947), and its degrees of freedom (Satterthwaite 1946).
func welch(v, w float64, m, n int) (se, df float64) {
	v, w = v/float64(m), w/float64(n)
	least := float64(min(m, n) - 1)
	if v+w == 0 {
		return 0, least
	}
	// Of the shares of the variance, whose squares cannot underflow together.
	a, b := v/(v+w), w/(v+w)
	return math.Sqrt(v + w), max(least, 1/(a*a/float64(m-1)+b*b/float64(n-1)))
}

// tTest returns Student's t of a difference of means and its p value; that is 1 without degrees of freedom.
func tTest(difference, se, df float64) (t, p float64) {
	switch {
	case df <= 0 || difference == 0:
		return 0, 1
	case se == 0:
		return math.Inf(int(math.Copysign(1, difference))), 0
	}
	t = difference / se
	return t, 2 * tTail(t, df)
}

// tQuantile returns what a Student-t variable exceeds with the probability tail, less than one half.
//
// It is Newton's method on the logarithm of the tail as a function of log t. That function falls, and ever more
// steeply, so that from the normal quantile on the steps end at the root. (Gonum's quantile keeps too few digits: none
// at a tail of 1e-10 and 200,000 degrees of freedom.)
func tQuantile(tail, df float64) float64 {
	t := zQuantile(tail)
	for range 100 {
		beyond := tTail(t, df)
		slope := t * distuv.StudentsT{Sigma: 1, Nu: df}.Prob(t) / beyond
		step := math.Log(beyond/tail) / slope
		t *= math.Exp(step)
		if !(math.Abs(step) >= 1e-13) { // also where it is not a number
			break
		}
	}
	return t
}

// tTail returns the probability that a Student-t variable exceeds t, at least 0.
func tTail(t, df float64) float64 { return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t)) / 2 }

// table keeps the quantiles of one tail of Student's t at whole degrees of freedom.
type table struct {
	tail float64
	at   []float64
}

func (t *table) quantile(df int) float64 {
	if df >= len(t.at) {
		t.at = append(t.at, make([]float64, df+1-len(t.at))...)
	}
	if t.at[df] == 0 {
		t.at[df] = tQuantile(t.tail, float64(df))
	}
	return t.at[df]
}

// zQuantile is tQuantile of the normal distribution.
func zQuantile(tail float64) float64 { return -mathext.NormalQuantile(tail) }

// normalTest returns the two-sided p value of a difference of known standard error.
func normalTest(difference, se float64) float64 {
	if difference == 0 {
		return 1
	}
	return math.Erfc(math.Abs(difference) / se / math.Sqrt2)
}
