package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// ranks writes each group's rank, "=" after shared ones.
func ranks(c *Comparison) []string {
	var written []string
	for _, g := range c.Groups {
		s := fmt.Sprint(g.Rank)
		if g.Tied {
			s += "="
		}
		written = append(written, s)
	}
	return written
}

// seedsToGo writes each group's MoreSeeds, "?" where it is nil.
func seedsToGo(c *Comparison) []string {
	var written []string
	for _, g := range c.Groups {
		if g.MoreSeeds == nil {
			written = append(written, "?")
		} else {
			written = append(written, fmt.Sprint(*g.MoreSeeds))
		}
	}
	return written
}

// spread is three or five values with the mean and the deviation given.
func spread(mean, deviation float64, n int) []float64 {
	switch n {
	case 3:
		return []float64{mean - deviation, mean, mean + deviation}
	default:
		d := deviation * math.Sqrt(0.4)
		return []float64{mean - 2*d, mean - d, mean, mean + d, mean + 2*d}
	}
}

func TestCompare(t *testing.T) {
	const trials = 5000
	a, b := spread(0.60, 0.005, 3), spread(0.61, 0.005, 3)
	far := spread(0.70, 0.005, 3)
	tests := []struct {
		name   string
		groups [][]float64
		test   string
		ranks  []string
		seeds  []string
	}{
		{"nothing", nil, "", nil, nil},
		{"no values", [][]float64{{}, {}}, "", []string{"1=", "1="}, []string{"?", "?"}},
		{"one experiment", [][]float64{a}, "", []string{"1"}, []string{"0"}},
		{"one with values", [][]float64{{}, a, {}}, "", []string{"2=", "1", "2="}, []string{"?", "0", "?"}},
		{"separated", [][]float64{a, far}, PooledTest, []string{"2", "1"}, []string{"0", "0"}},
		{"not separated", [][]float64{b, a, {}}, PooledTest, []string{"1=", "1=", "3"}, []string{"3", "3", "?"}},
		{"not transitive", [][]float64{spread(0.60, 0.005, 3), spread(0.61, 0.005, 3), spread(0.62, 0.005, 3)}, PooledTest,
			[]string{"2", "1=", "1="}, []string{"4", "4", "4"}},
		{"equal means", [][]float64{a, a, far}, PooledTest, []string{"2=", "2=", "1"}, []string{"?", "?", "0"}},
		{"equal means below a better one", [][]float64{{0.60, 0.61, 0.59}, {0.58, 0.59, 0.57}, {0.58, 0.59, 0.57}},
			PooledTest,
			[]string{"1=", "1=", "1="}, []string{"4", "4", "4"}},
		{"one seed borrows", [][]float64{a, {0.62}, {0.70}}, PooledTest, []string{"2=", "2=", "1"}, []string{"2", "2", "0"}},
		{"variances differ", [][]float64{spread(0.60, 0.0005, 5), spread(0.605, 0.0005, 5), spread(0.62, 0.03, 5), {0.61}},
			WelchTest, []string{"2", "1=", "1=", "1="}, []string{"72", "290", "72", "72"}},
		{"single seeds", [][]float64{{0.60}, {0.61}, {0.70}}, ProportionsTest, []string{"2=", "2=", "1"},
			[]string{"?", "?", "0"}},
		{"all right or all wrong", [][]float64{{1}, {1}, {0}}, ProportionsTest, []string{"1=", "1=", "3"},
			[]string{"?", "?", "0"}},
		{"seeds that agree", [][]float64{{1, 1, 1}, {1, 1, 1}, {0.9, 0.9}}, PooledTest, []string{"1=", "1=", "3"},
			[]string{"?", "?", "0"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Compare(test.groups, trials)
			if c.Test.Name != test.test {
				t.Errorf("test is %q, expected %q", c.Test.Name, test.test)
			}
			if got := ranks(c); !slices.Equal(got, test.ranks) {
				t.Errorf("ranks are %v, expected %v", got, test.ranks)
			}
			if got := seedsToGo(c); !slices.Equal(got, test.seeds) {
				t.Errorf("more seeds are %v, expected %v", got, test.seeds)
			}
		})
	}
}

// Without the number of examples there are no results that need it.
func TestCompareWithoutTrials(t *testing.T) {
	single := Compare([][]float64{{0.1}, {0.9}}, 0)
	if got := single.Test.String(); !strings.Contains(got, "No test: ") || !strings.Contains(got, "is not on record") {
		t.Error(got)
	}
	if got := ranks(single); !slices.Equal(got, []string{"1=", "1="}) {
		t.Error(got)
	}
	if pair := single.Pair(0, 1); pair.P != 1 || pair.Adjusted != 1 || pair.Separated {
		t.Errorf("%+v", pair)
	}
	if many := Compare(append(slices.Repeat([][]float64{{0}}, 150), slices.Repeat([][]float64{{1}}, 150)...),
		0); many.Groups[0].Rank != 1 || many.Pair(0, 299).Separated {
		t.Errorf("%+v", many.Groups[0])
	}
	mixed := Compare([][]float64{spread(0.6, 0.005, 3), {0.7}, {}}, 0)
	if mixed.Test.Name != PooledTest || mixed.Groups[0].Kind != StudentInterval || !mixed.Pair(0, 1).Separated {
		t.Errorf("%+v", mixed)
	}
	if g := mixed.Groups[1]; g.Kind != "" || g.Interval != (Interval{0, 1}) {
		t.Errorf("the interval of a single seed: %+v", g)
	}
	// One example is at most the least difference, 0.01; so equal seeds are not infinitely precise.
	if g := Compare([][]float64{{0.5, 0.5}, {0.51, 0.6}},
		0).Groups[0]; math.Abs(g.Interval.High-0.5-12.7062*0.01/math.Sqrt(24)) > 1e-6 {
		t.Errorf("%+v", g)
	}
}

// TestNeighbours holds the near-linear search of intervals against looking at all.
func TestNeighbours(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	c := Compare(draw(r, 300, func() int { return 1 + r.IntN(6) }, func(i int) float64 { return 0.001 * float64(1+i%7) },
		0), 5000)
	for i := range c.simultaneous { // wide and narrow ones far from each other
		middle := 1 - float64(i)/300
		half := math.Pow(r.Float64(), 8)
		c.simultaneous[i] = Interval{middle - half, middle + half}
	}
	mean := func(p int) *float64 { return &c.samples[c.order[p]].Mean }
	for p := 1; p < len(c.order); p++ {
		if p%7 > 3 { // runs of one mean
			*mean(p) = *mean(p - 1)
		}
	}
	better, worse := c.neighbours(c.equals())
	for p := range c.order {
		above, below := p-1, p+1
		for above >= 0 && (*mean(above) == *mean(p) || c.separated(above, p)) {
			above--
		}
		for below < len(c.order) && (*mean(below) == *mean(p) || c.separated(p, below)) {
			below++
		}
		if below == len(c.order) {
			below = -1
		}
		if better[p] != above || worse[p] != below {
			t.Errorf("place %d: neighbours are %d and %d, expected %d and %d", p, better[p], worse[p], above, below)
		}
	}
}

// TestManyGroups holds the ranks of many groups against their intervals, and these against single pairs. Where all are
// equally precise Bonferroni's test of all pairs is never stricter.
func TestManyGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	tests := []struct {
		name  string
		seeds func() int
		noise func(i int) float64
		test  string
		alike bool
	}{
		{"pooled", func() int { return 3 }, alike, PooledTest, true},
		{"mixed", func() int { return 1 + r.IntN(8) }, alike, PooledTest, false},
		{"welch", func() int { return 1 + r.IntN(30) }, func(i int) float64 { return 0.001 * float64(1+i%9) }, WelchTest,
			false},
		{"single", func() int { return 1 }, alike, ProportionsTest, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			groups := draw(r, 230, test.seeds, test.noise, 0)
			for i, values := range groups {
				for k := range values {
					values[k] += 0.001 * float64(i)
				}
			}
			c := Compare(groups, 5000)
			if c.Test.Name != test.test || c.Test.Correction != SimultaneousCorrection {
				t.Fatalf("tested by %s with %s, expected %s with %s", c.Test.Name, c.Test.Correction, test.test,
					SimultaneousCorrection)
			}
			separated := 0
			for q, i := range c.order {
				rank := 1
				for p := range q {
					if c.separated(p, q) {
						rank++
						separated++
					}
					if (p+q)%41 > 0 {
						continue // the adjusted p value of a pair takes its time
					}
					pair := c.Pair(c.order[p], i)
					if pair.Separated != c.separated(p, q) || pair.Separated != (pair.Adjusted <= level) {
						t.Fatalf("pair %d, %d is separated: %v, at an adjusted p of %v", c.order[p], i, c.separated(p, q), pair.Adjusted)
					}
					if test.alike && pair.Separated && pair.P*float64(c.Test.Pairs) > level {
						t.Errorf("pair %d, %d is separated at a p of %v, which Bonferroni would not", c.order[p], i, pair.P)
					}
				}
				if c.Groups[i].Rank != rank {
					t.Errorf("group %d has rank %d, its pairs say %d", i, c.Groups[i].Rank, rank)
				}
			}
			if separated == 0 {
				t.Error("no pair is separated: the test shows nothing")
			}
		})
	}
}

func TestDescription(t *testing.T) {
	tests := []struct {
		groups [][]float64
		want   string
	}{
		{[][]float64{{}, {0.6}}, "Nothing to compare: fewer than two experiments have results."},
		{[][]float64{spread(0.6, 0.005, 3), spread(0.7, 0.006, 3)},
			"Pooled-variance t tests: deviation of a seed 0.0055 with 4 degrees of freedom. Level 0.05, one pair."},
		{[][]float64{spread(0.6, 0.005, 3), {0.7}, {0.8}, {}},
			"Pooled-variance t tests: deviation of a seed 0.005 with 2 degrees of freedom. " +
				"Experiments with one seed borrow this variance. Level 0.05, Holm over 3 pairs."},
		{[][]float64{spread(0.6, 0.005, 5), spread(0.7, 0.05, 5)},
			"Welch's t tests, since variances differ (Bartlett's test: p = 0.0007). Level 0.05, one pair."},
		{[][]float64{spread(0.6, 0.005, 5), spread(0.7, 0.05, 5), {0.8}},
			"Welch's t tests, since variances differ (Bartlett's test: p = 0.0007). Pairs with an experiment of one seed " +
				"take the " +
				"pooled variance: deviation of a seed 0.036 with 8 degrees of freedom. Level 0.05, Holm over 3 pairs."},
		{[][]float64{{0.6}, {0.7}},
			"Two-proportion z tests on 5000 validation examples. No experiment has two seeds: this separates trained " +
				"networks, " +
				"not architectures. Level 0.05, one pair."},
		{slices.Repeat([][]float64{{0.6}}, 201),
			"Two-proportion z tests on 5000 validation examples. No experiment has two seeds: this separates trained " +
				"networks, " +
				"not architectures. Level 0.05 over all 20100 pairs, which are separated where simultaneous intervals do not " +
				"overlap."},
	}
	for _, test := range tests {
		if got := Compare(test.groups, 5000).Test.String(); got != test.want {
			t.Errorf("got      %s\nexpected %s", got, test.want)
		}
	}
}
