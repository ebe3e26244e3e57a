package stats

import (
	"math"
	"sort"
)

const (
	power     = 0.8
	mostSeeds = 1000 // nobody trains more to tell two experiments apart
)

// planSeeds fills in MoreSeeds.
func (c *Comparison) planSeeds() {
	better, worse := c.neighbours()
	plan := plan{
		c:            c,
		pairwise:     table{tail: level / 2 / float64(c.Test.Pairs)},
		simultaneous: table{tail: level / 2 / float64(len(c.order))},
		power:        table{tail: 1 - power},
	}
	for place, i := range c.order {
		neighbour := better[place]
		if neighbour < 0 {
			neighbour = worse[place]
		}
		switch {
		case neighbour < 0:
			c.Groups[i].MoreSeeds = new(0)
		case c.Test.DF > 0 && !c.sharesMean(place):
			c.Groups[i].MoreSeeds = plan.moreSeeds(i, c.order[neighbour])
		}
	}
}

// sharesMean tells whether another group has the mean of that at place; no
// number of seeds separates what does not differ.
func (c *Comparison) sharesMean(place int) bool {
	mean := func(p int) float64 { return c.samples[c.order[p]].Mean }
	return place > 0 && mean(place-1) == mean(place) || place+1 < len(c.order) && mean(place+1) == mean(place)
}

// A plan holds the quantiles that all groups' numbers of seeds need.
type plan struct {
	c                             *Comparison
	pairwise, power, simultaneous table
}

// moreSeeds is how many more seeds of groups i and j each would find, with 80%
// power, a true difference as large as the one that was seen: the least number
// for which
//
//	|difference| >= (t(level / pairs) + t(power)) standard errors
//
// That is the usual formula for sample sizes by the normal distribution (Lachin
// 1981), with quantiles of t at the degrees of freedom there would be, and at
// the level that Holm asks for at worst. It is nil above 1,000.
func (p *plan) moreSeeds(i, j int) *int {
	difference := math.Abs(p.c.samples[i].Mean - p.c.samples[j].Mean)
	more := 1 + sort.Search(mostSeeds, func(k int) bool { return p.detectable(i, j, k+1) <= difference })
	if more > mostSeeds {
		return nil
	}
	return &more
}

// detectable is the difference of groups i and j that so many more seeds find.
// Where simultaneous intervals judge, their widths stand in place of the pair's.
func (p *plan) detectable(i, j, more int) float64 {
	se, df := p.c.difference(i, j, more)
	whole := max(1, int(df)) // rounded down, as for a printed table
	if p.c.simultaneous != nil {
		return p.c.halfWidth(i, more, &p.simultaneous) + p.c.halfWidth(j, more, &p.simultaneous) + p.power.quantile(whole)*se
	}
	return (p.pairwise.quantile(whole) + p.power.quantile(whole)) * se
}

// neighbours returns, for each place in the order of means, the closest better
// and the closest worse place that it is not separated from, or -1.
func (c *Comparison) neighbours() (better, worse []int) {
	m := len(c.order)
	better, worse = make([]int, m), make([]int, m)
	if c.simultaneous == nil {
		for p := range m {
			better[p], worse[p] = p-1, p+1
			for better[p] >= 0 && c.separated(better[p], p) {
				better[p]--
			}
			for worse[p] < m && c.separated(p, worse[p]) {
				worse[p]++
			}
			if worse[p] == m {
				worse[p] = -1
			}
		}
		return better, worse
	}
	better = lastReached(c.simultaneous)
	// Seen from below, what was low is high.
	mirrored := make([]Interval, m)
	for p, v := range c.simultaneous {
		mirrored[m-1-p] = Interval{-v.High, -v.Low}
	}
	for p, q := range lastReached(mirrored) {
		worse[m-1-p] = -1
		if q >= 0 {
			worse[m-1-p] = m - 1 - q
		}
	}
	return better, worse
}

// lastReached returns for each interval the last one before it whose Low is not
// above its High, or -1. The stack holds those that may still be an answer: each
// has a Low below that of all that come after it.
func lastReached(intervals []Interval) []int {
	reached := make([]int, len(intervals))
	var stack []int
	for p, v := range intervals {
		at := sort.Search(len(stack), func(k int) bool { return intervals[stack[k]].Low > v.High }) - 1
		reached[p] = -1
		if at >= 0 {
			reached[p] = stack[at]
		}
		for len(stack) > 0 && intervals[stack[len(stack)-1]].Low >= v.Low {
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, p)
	}
	return reached
}
