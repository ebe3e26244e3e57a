package stats

import (
	"cmp"
	"slices"
)

const (
	level = 0.05 // the chance that a sweep of equals separates any pair

	// varianceLevel is where Bartlett's test says that variances differ. Welch's test has little power with few seeds: at
	// 0.1 an architecture better by five deviations no longer stands out in 85% of sweeps; at 0.01 one that is noisier
	// than the others goes unnoticed more often (docs/statistics.md).
	varianceLevel = 0.05

	// Holm looks at all pairs, whose number grows with the square of the groups'.
	// Above holmGroups the groups' simultaneous intervals are compared instead.
	holmGroups = 200
)

// What a Group's Interval is.
const (
	StudentInterval = "student" // of the mean over seeds, by Student's t
	WilsonInterval  = "wilson"  // of one trained network's accuracy, by Wilson's score
)

// A Group is what Compare found of one experiment.
type Group struct {
	N        int      // seeds
	Mean     float64  // accuracy; 0 without a seed
	Interval Interval // of 95% confidence
	Kind     string   // StudentInterval or WilsonInterval; empty: there is no interval
	Rank     int      // 1 + the number of groups that are significantly better
	Tied     bool     // another group has the same rank
	// MoreSeeds is how many more seeds, of this group and of its neighbour both, would separate the two (see moreSeeds); 0
	// where nothing is left to separate, nil without a seed variance, where only groups of this one's mean are left to
	// separate, or above 1,000. The neighbour is the closest better group that is not separated from this one, or else the
	// closest worse one.
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
	// One of the two says which pairs are separated: adjusted p values, at
	// pairIndex, or an interval for each place in order.
	adjusted     []float64
	simultaneous []Interval
}

// Compare judges experiments by their validation accuracies: groups[i] holds those of experiment i, 0 to 1, one a seed;
// it may be empty. trials is the number of examples that each accuracy was measured on; 0: unknown. Groups without
// values come last: their rank is 1 + the number of groups with values.
//
// The variance of a group is taken to be no less than 1/(12 trials²), that of rounding to a whole number of examples
// (Sheppard 1898): seeds that agree do so by chance no closer than that, and nothing is divided by zero. Where trials
// is unknown, the least difference of two accuracies, which is at least one example, takes the place of 1/trials;
// single seeds have no interval then, and no test.
func Compare(groups [][]float64, trials int) *Comparison {
	trials = max(trials, 0)
	c := &Comparison{
		Groups:  make([]Group, len(groups)),
		samples: make([]Sample, len(groups)),
		trials:  trials,
		place:   make([]int, len(groups)),
	}
	students, least := table{tail: level / 2}, leastVariance(groups, trials)
	for i, values := range groups {
		s := Describe(values)
		c.place[i] = -1
		if s.N > 0 {
			c.order = append(c.order, i)
		}
		if s.N > 1 {
			s.Variance = max(s.Variance, least)
		}
		c.samples[i], c.Groups[i] = s, describeGroup(s, trials, &students)
	}
	slices.SortFunc(c.order, func(i, j int) int {
		a, b := &c.samples[i], &c.samples[j]
		if a.Mean != b.Mean {
			return cmp.Compare(b.Mean, a.Mean)
		}
		// Results must not depend on the order given.
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Variance, b.Variance), cmp.Compare(i, j))
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

// describeGroup fills in what a group has by itself. Accuracies lie between 0 and 1, and so do their intervals.
func describeGroup(s Sample, trials int, students *table) Group {
	g := Group{N: s.N, Mean: s.Mean}
	switch {
	case s.N >= 2:
		v := student(s, students)
		g.Kind, g.Interval = StudentInterval, Interval{max(0, v.Low), min(1, v.High)}
	case s.N == 1:
		g.Interval = proportion(s.Mean, trials, students.tail)
		if trials > 0 {
			g.Kind = WilsonInterval
		}
	}
	return g
}

// leastVariance is the variance of rounding to one of trials examples, or an upper bound of it.
func leastVariance(groups [][]float64, trials int) float64 {
	if trials > 0 {
		return 1 / (12 * float64(trials) * float64(trials))
	}
	all := slices.Concat(groups...)
	slices.Sort(all)
	example := 1.0
	for i, v := range slices.Compact(all) {
		if i > 0 {
			example = min(example, v-all[i-1])
		}
	}
	return example * example / 12
}

// markTies ranks the groups without values after all others and marks the ranks that several groups share.
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
