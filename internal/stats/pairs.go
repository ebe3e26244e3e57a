package stats

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
