package stats

import (
	"fmt"
	"math"
)

// The tests that Compare chooses between.
const (
	PooledTest      = "pooled t"         // one variance for all, also for groups of one seed
	WelchTest       = "welch t"          // each group its own variance
	ProportionsTest = "two-proportion z" // between trained networks, without a seed variance
)

// How Compare allows for the number of pairs.
const (
	HolmCorrection         = "holm"                   // Holm's step-down adjustment over all pairs
	SimultaneousCorrection = "simultaneous intervals" // all intervals hold at once; Bonferroni over groups
)

// A Test says what was tested. Name is empty where there is no pair to test.
type Test struct {
	Name       string
	Level      float64
	Correction string
	Pairs      int
	Deviation  float64 // pooled, of one seed; 0 without a seed variance
	DF         int     // of Deviation
	VarianceP  float64 // Bartlett's p value that all variances are equal
	Trials     int     // examples behind each accuracy
}

// String describes the test in full sentences.
func (t Test) String() string {
	var test string
	switch t.Name {
	case PooledTest:
		test = fmt.Sprintf("Pooled-variance t tests (deviation of a seed %.2g, %d degrees of freedom), which an experiment "+
			"with one seed borrows the variance of.", t.Deviation, t.DF)
	case WelchTest:
		test = fmt.Sprintf("Welch's t tests, since the variances differ (Bartlett's p = %.1g); where an experiment has one seed, "+
			"with the pooled variance (deviation %.2g, %d degrees of freedom).", t.VarianceP, t.Deviation, t.DF)
	case ProportionsTest:
		test = fmt.Sprintf("Two-proportion z tests on %d validation examples: no experiment has two seeds, so these tell trained "+
			"networks apart, not architectures.", t.Trials)
	default:
		return "Nothing to compare: fewer than two experiments have results."
	}
	switch t.Correction {
	case HolmCorrection:
		return fmt.Sprintf("%s Level %g, Holm over %d pairs.", test, t.Level, t.Pairs)
	default:
		return fmt.Sprintf("%s Level %g over all %d pairs: intervals that hold together must not overlap.", test, t.Level, t.Pairs)
	}
}

// chooseTest fills c.Test.
func (c *Comparison) chooseTest() {
	c.Test = Test{Level: level, Pairs: combinations(len(c.order)), Trials: c.trials, VarianceP: 1}
	variance, df := Pooled(c.samples)
	c.variance, c.Test.DF, c.Test.Deviation = variance, df, math.Sqrt(variance)
	if c.Test.Pairs == 0 {
		return
	}
	c.Test.Correction = HolmCorrection
	if len(c.order) > holmGroups {
		c.Test.Correction = SimultaneousCorrection
	}
	if df == 0 {
		c.Test.Name = ProportionsTest
		return
	}
	c.Test.Name = PooledTest
	if _, c.Test.VarianceP = Bartlett(c.samples); c.Test.VarianceP <= varianceLevel {
		c.Test.Name = WelchTest
	}
}

// own tells whether group i is judged by its own variance.
func (c *Comparison) own(i int) bool { return c.Test.Name == WelchTest && c.samples[i].N >= 2 }

// difference returns the standard error of the difference of groups i and j and
// its degrees of freedom, if each had so many more seeds and the same variances.
func (c *Comparison) difference(i, j, more int) (se, df float64) {
	a, b := c.samples[i], c.samples[j]
	if c.own(i) && c.own(j) {
		return welch(a.Variance, b.Variance, a.N+more, b.N+more)
	}
	return math.Hypot(standardError(c.variance, a.N+more), standardError(c.variance, b.N+more)), float64(c.Test.DF + 2*more)
}

// pValue is the p value of groups i and j by themselves.
func (c *Comparison) pValue(i, j int) float64 {
	a, b := c.samples[i].Mean, c.samples[j].Mean
	if c.Test.Name == ProportionsTest {
		return Proportions(a, b, c.trials)
	}
	se, df := c.difference(i, j, 0)
	return tTest(a-b, se, df).P
}
