package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// accuracy is a whole number of 500 examples, so that values often agree.
var accuracy = rapid.Map(rapid.IntRange(0, 500), func(k int) float64 { return float64(k) / 500 })

// leaderboard draws groups of any size. The larger ones take the way of many groups.
func leaderboard(t *rapid.T) [][]float64 {
	groups := rapid.SliceOfN(rapid.SliceOfN(accuracy, 0, 5), 0, 12).Draw(t, "groups")
	if rapid.Bool().Draw(t, "many") {
		by := rapid.IntRange(1, 20).Draw(t, "by")
		for i := range holmGroups + 1 {
			groups = append(groups, []float64{float64(i%500) / 500, float64((i+i%by)%500) / 500})
		}
	}
	return groups
}

func TestEveryComparisonIsConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := leaderboard(t)
		c := Compare(groups, rapid.IntRange(-1, 10_000).Draw(t, "trials"))
		for i, g := range c.Groups {
			if g.N > 0 && !(0 <= g.Interval.Low && g.Interval.Low <= g.Mean && g.Mean <= g.Interval.High &&
				g.Interval.High <= 1) {
				t.Fatalf("group %d: interval %v does not hold the mean %v", i, g.Interval, g.Mean)
			}
			if g.N == 0 && g.Rank != len(c.order)+1 || g.N > 0 && (g.Rank < 1 || g.Rank > len(c.order)) {
				t.Fatalf("group %d of %d seeds has rank %d", i, g.N, g.Rank)
			}
			if m := g.MoreSeeds; m != nil && (*m < 0 || *m > mostSeeds) {
				t.Fatalf("group %d needs %d more seeds", i, *m)
			}
		}
		if len(groups) == 0 {
			return
		}
		i, j := rapid.IntRange(0, len(groups)-1).Draw(t, "i"), rapid.IntRange(0, len(groups)-1).Draw(t, "j")
		pair := c.Pair(i, j)
		if !(0 <= pair.P && pair.P <= pair.Adjusted && pair.Adjusted <= 1) || pair.Separated != (pair.Adjusted <= level) {
			t.Fatalf("groups %d and %d: %+v", i, j, pair)
		}
		mirrored := c.Pair(j, i)
		mirrored.Difference = 0 - mirrored.Difference
		if pair != mirrored {
			t.Fatalf("groups %d and %d: %+v, the other way %+v", i, j, pair, mirrored)
		}
		if pair.Separated && pair.Difference > 0 && slices.Contains([]string{PooledTest, ProportionsTest}, c.Test.Name) &&
			c.Groups[i].N == c.Groups[j].N && c.Groups[i].Rank >= c.Groups[j].Rank {
			t.Fatalf("group %d is better than %d and ranks %d and %d", i, j, c.Groups[i].Rank, c.Groups[j].Rank)
		}
	})
}

// With one variance and one number of seeds a better mean never has a worse rank.
func TestRanksFollowMeans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "seeds")
		c := Compare(rapid.SliceOfN(rapid.SliceOfN(accuracy, n, n), 0, 20).Draw(t, "groups"), 500)
		if c.Test.Name == WelchTest {
			t.Skip("variances differ")
		}
		for p, i := range c.order[min(1, len(c.order)):] {
			if better := c.Groups[c.order[p]]; better.Rank > c.Groups[i].Rank {
				t.Fatalf("mean %v has rank %d, mean %v has %d", better.Mean, better.Rank, c.Groups[i].Mean, c.Groups[i].Rank)
			}
		}
	})
}

func TestTheOrderOfGroupsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := leaderboard(t)
		indices := make([]int, len(groups))
		for i := range indices {
			indices[i] = i
		}
		order := rapid.Permutation(indices).Draw(t, "order")
		permuted := make([][]float64, len(groups))
		for k, i := range order {
			permuted[k] = groups[i]
		}
		a, b := Compare(groups, 500), Compare(permuted, 500)
		if a.Test.Name != b.Test.Name || a.Test.DF != b.Test.DF || !near(a.Test.Deviation, b.Test.Deviation) {
			t.Fatalf("%v, permuted %v", a.Test, b.Test)
		}
		for k, i := range order {
			g, h := a.Groups[i], b.Groups[k]
			if g.Rank != h.Rank || g.Tied != h.Tied || g.Interval != h.Interval || !equal(g.MoreSeeds, h.MoreSeeds) {
				t.Fatalf("group %d: %+v, permuted %+v", i, g, h)
			}
		}
	})
}

func TestAShiftOfAllMeansKeepsP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := rapid.SliceOfN(rapid.SliceOfN(accuracy, 2, 4), 2, 8).Draw(t, "groups")
		shift := float64(rapid.IntRange(-100, 100).Draw(t, "shift")) / 128
		shifted := make([][]float64, len(groups))
		for i, values := range groups {
			for _, v := range values {
				shifted[i] = append(shifted[i], v+shift)
			}
		}
		a, b := Compare(groups, 500), Compare(shifted, 500)
		for i := range groups {
			for j := range i {
				p, q := a.Pair(i, j), b.Pair(i, j)
				if !near(p.P, q.P) || !near(p.Adjusted, q.Adjusted) {
					t.Fatalf("groups %d and %d: %+v, shifted by %v %+v", i, j, p, shift, q)
				}
			}
		}
	})
}

func TestHolmNeverLowersP(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "p")
		for i, adjusted := range Holm(p) {
			if adjusted < p[i] || adjusted > 1 || adjusted > float64(len(p))*p[i] {
				t.Fatalf("p[%d] of %d is %v, adjusted %v", i, len(p), p[i], adjusted)
			}
		}
	})
}

func TestAQuantileLeavesItsTail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tail := math.Exp(rapid.Float64Range(-230, -0.8).Draw(t, "log tail"))
		df := math.Exp(rapid.Float64Range(0, 13).Draw(t, "log df"))
		if got := tTail(tQuantile(tail, df), df); math.Abs(got-tail) > 1e-9*tail {
			t.Fatalf("df %v: the quantile of %v leaves %v", df, tail, got)
		}
	})
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-7*max(math.Abs(a), math.Abs(b)) }

func equal(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }
