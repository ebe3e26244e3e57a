package stats

import "math"

// DifferenceInterval returns the interval of the mean of group i less that of group j, of 95% confidence by itself:
// with more than two groups it may leave out 0 where Pair.Adjusted, which allows for all of them, separates nothing. It
// takes the variances that the test of the pair took; without any, it is Newcombe's of two proportions (1998, method
// 10), which joins the groups' own Wilson intervals. It is all of -1 to 1 where a group has no values.
func (c *Comparison) DifferenceInterval(i, j int) Interval {
	a, b := c.Groups[i], c.Groups[j]
	if a.N == 0 || b.N == 0 {
		return Interval{-1, 1}
	}
	d := a.Mean - b.Mean
	var below, above float64
	if c.Test.DF == 0 {
		below = math.Hypot(a.Mean-a.Interval.Low, b.Interval.High-b.Mean)
		above = math.Hypot(a.Interval.High-a.Mean, b.Mean-b.Interval.Low)
	} else {
		se, df := c.difference(i, j, 0)
		below = tQuantile(level/2, df) * se
		above = below
	}
	return Interval{max(-1, d-below), min(1, d+above)}
}
