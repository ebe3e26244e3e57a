package stats

import (
	"fmt"
	"math"
	"slices"
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
	SimultaneousCorrection = "simultaneous intervals" // see compareIntervals
)

// A Test says what was tested. Name and Correction are empty where nothing was.
type Test struct {
	Name       string  `json:"test"`
	Level      float64 `json:"level"`
	Correction string  `json:"correction"`
	Pairs      int     `json:"pairs"`
	Deviation  float64 `json:"deviation"`  // pooled, of one seed; 0 without a seed variance
	DF         int     `json:"df"`         // degrees of freedom of Deviation
	Borrowed   bool    `json:"-"`          // an experiment with one seed takes the pooled variance
	VarianceP  float64 `json:"variance_p"` // of Bartlett's test that all variances are equal
	Trials     int     `json:"examples"`   // behind each accuracy; 0: unknown
}

// String describes the test in full sentences.
func (t Test) String() string {
	variance := fmt.Sprintf("deviation of a seed %.2g with %d degrees of freedom", t.Deviation, t.DF)
	var test string
	switch t.Name {
	case PooledTest:
		test = fmt.Sprintf("Pooled-variance t tests: %s.", variance)
		if t.Borrowed {
			test += " Experiments with one seed borrow this variance."
		}
	case WelchTest:
		test = fmt.Sprintf("Welch's t tests, since variances differ (Bartlett's test: p = %.1g).", t.VarianceP)
		if t.Borrowed {
			test += fmt.Sprintf(" Pairs with an experiment of one seed take the pooled variance: %s.", variance)
		}
	case ProportionsTest:
		test = fmt.Sprintf("Two-proportion z tests on %d validation examples. No experiment has two seeds: "+
			"this separates trained networks, not architectures.", t.Trials)
	case "":
		if t.Pairs > 0 {
			return "No test: no experiment has two seeds, and the number of validation examples is not on record."
		}
		return "Nothing to compare: fewer than two experiments have results."
	}
	switch {
	case t.Pairs == 1:
		return fmt.Sprintf("%s Level %g, one pair.", test, t.Level)
	case t.Correction == HolmCorrection:
		return fmt.Sprintf("%s Level %g, Holm over %d pairs.", test, t.Level, t.Pairs)
	}
	return fmt.Sprintf("%s Level %g over all %d pairs, which are separated where simultaneous intervals do not overlap.",
		test, t.Level, t.Pairs)
}

// chooseTest fills in the pooled variance and c.Test.
func (c *Comparison) chooseTest() {
	groups := len(c.order)
	var df int
	c.variance, df = Pooled(c.samples)
	c.Test = Test{Level: level, Pairs: groups * (groups - 1) / 2, Trials: c.trials, Deviation: math.Sqrt(c.variance),
		DF: df}
	_, c.Test.VarianceP = Bartlett(c.samples)
	c.Test.Borrowed = df > 0 && slices.ContainsFunc(c.samples, func(s Sample) bool { return s.N == 1 })
	if groups < 2 || df == 0 && c.trials == 0 {
		return
	}
	c.Test.Correction = HolmCorrection
	if groups > holmGroups {
		c.Test.Correction = SimultaneousCorrection
	}
	switch {
	case df == 0:
		c.Test.Name = ProportionsTest
	case c.Test.VarianceP <= varianceLevel:
		c.Test.Name = WelchTest
	default:
		c.Test.Name = PooledTest
	}
}

// own reports whether group i is judged by its own variance.
func (c *Comparison) own(i int) bool { return c.Test.Name == WelchTest && c.samples[i].N >= 2 }

// difference returns the standard error of the difference of groups i and j and
// its degrees of freedom, if each had that many more seeds and the same variances.
func (c *Comparison) difference(i, j, more int) (se, df float64) {
	a, b := c.samples[i], c.samples[j]
	if c.own(i) && c.own(j) {
		return welch(a.Variance, b.Variance, a.N+more, b.N+more)
	}
	return pooled(c.variance, a.N+more, b.N+more), float64(c.Test.DF + 2*more)
}

// pValue is the p value of groups i and j by themselves, not adjusted.
func (c *Comparison) pValue(i, j int) float64 {
	a, b := c.samples[i].Mean, c.samples[j].Mean
	switch c.Test.Name {
	case "":
		return 1
	case ProportionsTest:
		return Proportions(a, b, c.trials)
	}
	se, df := c.difference(i, j, 0)
	_, p := tTest(a-b, se, df)
	return p
}
