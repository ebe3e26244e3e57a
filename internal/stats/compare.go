package stats

import (
	"cmp"
	"slices"
)

const (
	level      = 0.05 // the chance that a sweep of equals separates any pair
	confidence = 1 - level

	// varianceLevel is where variances differ clearly. It is well below 1/20,
	// since Welch's test has little power with few seeds (docs/statistics.md has
	// the simulation), and a test of variances is the wrong place to be strict.
	varianceLevel = 0.01

	// Holm looks at all pairs, whose number grows with the square of the groups'.
	// Above holmGroups the groups' simultaneous intervals are compared instead.
	holmGroups = 200
)

// What a Group's Interval is.
const (
	StudentInterval = "student" // of the mean over seeds, by Student's t
	WilsonInterval  = "wilson"  // of one trained network's accuracy, by Wilson's score
)

// A Group is what Compare says of one experiment.
type Group struct {
	N        int     // seeds
	Mean     float64 // accuracy
	Interval Interval
	Kind     string // StudentInterval or WilsonInterval; empty without a seed
	Rank     int    // 1 + the number of groups that are significantly better
	Tied     bool   // another group has the same rank
	// MoreSeeds is how many more seeds, of this group and of its neighbour both,
	// would separate the two (see moreSeeds); 0 where nothing is left to separate,
	// nil where nobody can tell.
	MoreSeeds *int
}

// A Comparison is what Compare found. Groups are in the order given.
type Comparison struct {
	Groups []Group
	Test   Test

	samples  []Sample
	trials   int
	variance float64 // pooled
	order    []int   // the groups that have values, best mean first
	place    []int   // where a group is in order; -1 without values
	// One of the two tells which pairs are separated, both by places in order:
	// adjusted p values (at index pairIndex), or one interval a group.
	adjusted     []float64
	simultaneous []Interval
}

// Compare judges experiments by their validation accuracies: groups[i] holds
// those of experiment i, 0 to 1, one a seed; it may be empty. Each accuracy was
// measured on the given number of examples, trials, at least 1.
//
// The variance of a group is taken to be no less than 1/(12 trials²), that of
// rounding to a whole number of examples (Sheppard 1898): seeds that agree by
// chance agree no closer than that, and nothing is divided by zero.
func Compare(groups [][]float64, trials int) *Comparison {
	trials = max(trials, 1)
	c := &Comparison{
		Groups:  make([]Group, len(groups)),
		samples: make([]Sample, len(groups)),
		trials:  trials,
		place:   make([]int, len(groups)),
	}
	rounding := 1 / (12 * float64(trials) * float64(trials))
	students := table{tail: level / 2}
	for i, values := range groups {
		s := Describe(values)
		g := Group{N: s.N, Mean: s.Mean}
		switch {
		case s.N >= 2:
			s.Variance = max(s.Variance, rounding)
			half := students.quantile(s.N-1) * standardError(s.Variance, s.N)
			g.Kind, g.Interval = StudentInterval, Interval{max(0, s.Mean-half), min(1, s.Mean+half)}
		case s.N == 1:
			g.Kind, g.Interval = WilsonInterval, wilson(s.Mean, trials, zQuantile(level/2))
		}
		c.place[i] = -1
		if s.N > 0 {
			c.order = append(c.order, i)
		}
		c.samples[i], c.Groups[i] = s, g
	}
	// Ties in the mean are broken by what the results depend on, so that those do
	// not depend on the order given.
	slices.SortStableFunc(c.order, func(i, j int) int {
		a, b := c.samples[i], c.samples[j]
		return cmp.Or(cmp.Compare(b.Mean, a.Mean), cmp.Compare(b.N, a.N), cmp.Compare(a.Variance, b.Variance))
	})
	for place, i := range c.order {
		c.place[i] = place
	}
	c.chooseTest()
	if len(c.order) > holmGroups {
		c.compareIntervals()
	} else {
		c.comparePairs()
	}
	c.markTies()
	c.planSeeds()
	return c
}

// markTies ranks the groups without values after all others and marks the ranks
// that several groups share.
func (c *Comparison) markTies() {
	sharing := make([]int, len(c.order)+2)
	for i := range c.Groups {
		if g := &c.Groups[i]; g.N == 0 {
			g.Rank = len(c.order) + 1
		}
		sharing[c.Groups[i].Rank]++
	}
	for i := range c.Groups {
		c.Groups[i].Tied = sharing[c.Groups[i].Rank] > 1
	}
}

// A Pair is a comparison of two groups.
type Pair struct {
	Difference float64 // of the means, the first less the second
	P          float64 // as if there were no other pair
	Adjusted   float64 // allows for all pairs
	Separated  bool    // Adjusted is at most the level
}

// Pair compares groups i and j. A group without values cannot be told apart
// from any: its difference is 0 and its p values are 1.
func (c *Comparison) Pair(i, j int) Pair {
	p, q := c.place[i], c.place[j]
	if p < 0 || q < 0 || p == q {
		return Pair{P: 1, Adjusted: 1}
	}
	pair := Pair{
		Difference: c.samples[i].Mean - c.samples[j].Mean,
		P:          c.pValue(i, j),
		Separated:  c.separated(min(p, q), max(p, q)),
	}
	if c.simultaneous == nil {
		pair.Adjusted = c.adjusted[c.pairIndex(min(p, q), max(p, q))]
	} else {
		// The intervals' level can be a shade smaller where p values are minute.
		pair.Adjusted = max(pair.P, c.touchingLevel(c.order[min(p, q)], c.order[max(p, q)]))
	}
	return pair
}

// separated tells whether the group at place p in the order of means is
// significantly better than that at q, which comes after it.
func (c *Comparison) separated(p, q int) bool {
	if c.simultaneous == nil {
		return c.adjusted[c.pairIndex(p, q)] <= level
	}
	return c.simultaneous[p].Low > c.simultaneous[q].High
}

// pairIndex numbers the pairs p < q of places row by row.
func (c *Comparison) pairIndex(p, q int) int { return p*(2*len(c.order)-p-1)/2 + q - p - 1 }

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

// combinations is the number of pairs among n.
func combinations(n int) int { return n * (n - 1) / 2 }
