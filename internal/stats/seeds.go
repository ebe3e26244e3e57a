package stats

import (
	"math"
	"sort"
)

const (
	power     = 0.8
	mostSeeds = 1000 // nobody trains more to separate two experiments
)

// planSeeds fills in MoreSeeds.
func (c *Comparison) planSeeds() {
	first, last := c.equals()
	better, worse := c.neighbours(first, last)
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
		case neighbour >= 0 && c.Test.DF > 0:
			c.Groups[i].MoreSeeds = plan.moreSeeds(i, c.order[neighbour])
		case neighbour < 0 && first[place] == last[place]:
			c.Groups[i].MoreSeeds = new(0)
		}
	}
}

// A plan holds the quantiles that all groups' numbers of seeds need.
type plan struct {
	c                             *Comparison
	pairwise, power, simultaneous table
}

// moreSeeds is how many more seeds of groups i and j each would find, with 80% power, a true difference as large as the
// one that was seen: the least number for which
//
//	|difference| >= (t(level / pairs) + t(power)) standard errors
//
// That is the usual formula for sample sizes by the normal distribution (Lachin 1981), with quantiles of t at the
// degrees of freedom there would be, and at the level that Holm asks for at worst. It is nil above 1,000.
func (p *plan) moreSeeds(i, j int) *int {
	difference := math.Abs(p.c.samples[i].Mean - p.c.samples[j].Mean)
	more := 1 + sort.Search(mostSeeds, func(k int) bool { return p.detectable(i, j, k+1) <= difference })
	if more > mostSeeds {
		return nil
	}
	return &more
}

// detectable is the least difference of groups i and j that this many more seeds of each find.
// Where simultaneous intervals judge, their widths stand in place of the pair's.
func (p *plan) detectable(i, j, more int) float64 {
	se, df := p.c.difference(i, j, more)
	whole := max(1, int(df)) // rounded down, as for a printed table
	if p.c.simultaneous != nil {
		return p.c.halfWidth(i, more, &p.simultaneous) + p.c.halfWidth(j, more, &p.simultaneous) + p.power.quantile(whole)*se
	}
	return (p.pairwise.quantile(whole) + p.power.quantile(whole)) * se
}

// neighbours returns, for each place in the order of means, the closest better and the closest worse place that it is
// not separated from, or -1. Those of its own mean, from first[place] to last[place], are neither: no number of seeds
// separates what does not differ.
func (c *Comparison) neighbours(first, last []int) (better, worse []int) {
	m := len(c.order)
	better, worse = make([]int, m), make([]int, m)
	if c.simultaneous == nil {
		for p := range m {
			better[p], worse[p] = first[p]-1, last[p]+1
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
	better = lastReached(c.simultaneous, first)
	// Seen from below, what was low is high.
	mirrored, ends := make([]Interval, m), make([]int, m)
	for p, v := range c.simultaneous {
		mirrored[m-1-p], ends[m-1-p] = Interval{-v.High, -v.Low}, m-1-last[p]
	}
	for p, q := range lastReached(mirrored, ends) {
		worse[m-1-p] = -1
		if q >= 0 {
			worse[m-1-p] = m - 1 - q
		}
	}
	return better, worse
}

// equals returns, for each place in the order of means, the first and the last place of its mean.
func (c *Comparison) equals() (first, last []int) {
	m := len(c.order)
	first, last = make([]int, m), make([]int, m)
	for p := 0; p < m; {
		end := p
		for end+1 < m && c.samples[c.order[end+1]].Mean == c.samples[c.order[p]].Mean {
			end++
		}
		for begin := p; p <= end; p++ {
			first[p], last[p] = begin, end
		}
	}
	return first, last
}

// lastReached returns for each interval p the last one before the place first[p], which is at most p, whose Low is not
// above its High, or -1. The stack holds those that may still be an answer: each has a Low below that of all that come
// after it.
func lastReached(intervals []Interval, first []int) []int {
	reached := make([]int, len(intervals))
	var stack []int
	next := 0
	for p, v := range intervals {
		for ; next < first[p]; next++ {
			for len(stack) > 0 && intervals[stack[len(stack)-1]].Low >= intervals[next].Low {
				stack = stack[:len(stack)-1]
			}
			stack = append(stack, next)
		}
		at := sort.Search(len(stack), func(k int) bool { return intervals[stack[k]].Low > v.High }) - 1
		reached[p] = -1
		if at >= 0 {
			reached[p] = stack[at]
		}
	}
	return reached
}
