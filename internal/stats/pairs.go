package stats

// A Pair is a comparison of two groups.
type Pair struct {
	Difference float64 // of the means, the first less the second
	P          float64 // as if there were no other pair
	Adjusted   float64 // allows for all pairs
	Separated  bool    // Adjusted is at most the level
}

// Pair compares groups i and j. A group without values is separated from none: its difference is 0 and its p values are
// 1.
func (c *Comparison) Pair(i, j int) Pair {
	p, q := c.place[i], c.place[j]
	if p < 0 || q < 0 || p == q {
		return Pair{P: 1, Adjusted: 1}
	}
	p, q = min(p, q), max(p, q)
	pair := Pair{
		Difference: c.samples[i].Mean - c.samples[j].Mean,
		P:          c.pValue(i, j),
		Separated:  c.separated(p, q),
	}
	if c.simultaneous == nil {
		pair.Adjusted = c.adjusted[c.pairIndex(p, q)]
	} else {
		// Far below the level a pair of which one group borrows the variance can have a larger p value than its intervals.
		pair.Adjusted = max(pair.P, c.touchingLevel(c.order[p], c.order[q]))
	}
	return pair
}

// separated reports whether the group at place p is significantly better than that at place q, which comes after it.
func (c *Comparison) separated(p, q int) bool {
	if c.simultaneous == nil {
		return c.adjusted[c.pairIndex(p, q)] <= level
	}
	return c.simultaneous[p].Low > c.simultaneous[q].High
}

// pairIndex numbers the pairs p < q of places row by row.
func (c *Comparison) pairIndex(p, q int) int { return p*(2*len(c.order)-p-1)/2 + q - p - 1 }

// comparePairs adjusts the p values of all pairs by Holm and ranks the groups.
func (c *Comparison) comparePairs() {
	p := make([]float64, 0, c.Test.Pairs)
	for at, i := range c.order {
		for _, j := range c.order[at+1:] {
			p = append(p, c.pValue(i, j))
		}
	}
	c.adjusted = Holm(p)
	for q, j := range c.order {
		rank := 1
		for p := range q {
			if c.separated(p, q) {
				rank++
			}
		}
		c.Groups[j].Rank = rank
	}
}
