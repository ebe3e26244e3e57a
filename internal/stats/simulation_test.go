package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

const sweeps = 2000

// draw is a sweep of experiments with normal seeds: deviation(i) and mean 0.6, the first one by the lead better.
func draw(r *rand.Rand, experiments int, seeds func() int, deviation func(i int) float64, lead float64) [][]float64 {
	groups := make([][]float64, experiments)
	for i := range groups {
		for range seeds() {
			groups[i] = append(groups[i], 0.6+deviation(i)*r.NormFloat64())
		}
	}
	for k := range groups[0] {
		groups[0][k] += lead
	}
	return groups
}

// separatesAny reports whether any experiment is significantly worse than another.
func separatesAny(c *Comparison) bool {
	for _, g := range c.Groups {
		if g.Rank > 1 {
			return true
		}
	}
	return false
}

func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("simulates thousands of sweeps")
	}
}

func alike(int) float64 { return 0.005 }

// TestEqualArchitecturesAreSeldomSeparated measures the error rate that
// docs/statistics.md quotes: sweeps of equals of which any pair is separated.
func TestEqualArchitecturesAreSeldomSeparated(t *testing.T) {
	long(t)
	r := rand.New(rand.NewPCG(20, 26))
	mixed := func(from, to int) func() int {
		return func() int { return from + r.IntN(to-from+1) }
	}
	tests := []struct {
		name        string
		experiments int
		seeds       func() int
		sweeps      int
	}{
		{"10 of 3", 10, mixed(3, 3), sweeps},
		{"10 of 4", 10, mixed(4, 4), sweeps},
		{"10 of 5", 10, mixed(5, 5), sweeps},
		{"10 of 6", 10, mixed(6, 6), sweeps},
		{"10 of 7", 10, mixed(7, 7), sweeps},
		{"10 of 8", 10, mixed(8, 8), sweeps},
		{"10 of 9", 10, mixed(9, 9), sweeps},
		{"10 of 10", 10, mixed(10, 10), sweeps},
		{"10 of 3 to 10", 10, mixed(3, 10), sweeps},
		{"10 of 1 to 5", 10, mixed(1, 5), sweeps},
		{"10 of 2", 10, mixed(2, 2), sweeps},
		{"3 of 3", 3, mixed(3, 3), sweeps},
		{"250 of 3", 250, mixed(3, 3), 500}, // by simultaneous intervals
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			errors := 0
			for range test.sweeps {
				if separatesAny(Compare(draw(r, test.experiments, test.seeds, alike, 0), 5000)) {
					errors++
				}
			}
			t.Logf("%d of %d sweeps separate a pair", errors, test.sweeps)
			if rate := float64(errors) / float64(test.sweeps); rate > 0.06 {
				t.Errorf("%.1f%% of sweeps separate a pair of equals, expected at most 6%%", 100*rate)
			}
		})
	}
}

// TestABetterArchitectureStandsAlone measures the power that docs/statistics.md quotes.
func TestABetterArchitectureStandsAlone(t *testing.T) {
	long(t)
	r := rand.New(rand.NewPCG(5, 3))
	alone := 0
	for range sweeps {
		g := Compare(draw(r, 10, func() int { return 3 }, alike, 5*alike(0)), 5000).Groups[0]
		if g.Rank == 1 && !g.Tied {
			alone++
		}
	}
	t.Logf("alone on top in %d of %d sweeps", alone, sweeps)
	if rate := float64(alone) / sweeps; rate < 0.85 {
		t.Errorf("alone on top in %.1f%% of sweeps, expected at least 85%%", 100*rate)
	}
}

// TestUnequalVariances measures what the choice of Welch's test is for: with one experiment among ten noisier than the
// others, or every other one. Few seeds hide it; the bounds are those of docs/statistics.md.
func TestUnequalVariances(t *testing.T) {
	long(t)
	r := rand.New(rand.NewPCG(7, 7))
	one := func(i int) float64 {
		if i == 0 {
			return 0.025
		}
		return 0.005
	}
	half := func(i int) float64 { return 0.005 * float64(1+2*(i%2)) }
	tests := []struct {
		name      string
		deviation func(int) float64
		seeds     int
		atMost    float64
	}{
		{"one of five times the deviation", one, 3, 0.16},
		{"one of five times the deviation", one, 5, 0.08},
		{"one of five times the deviation", one, 10, 0.05},
		{"half of three times the deviation", half, 3, 0.11},
		{"half of three times the deviation", half, 5, 0.07},
		{"half of three times the deviation", half, 10, 0.05},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s, %d seeds", test.name, test.seeds), func(t *testing.T) {
			errors, pooled := 0, 0
			for range sweeps {
				c := Compare(draw(r, 10, func() int { return test.seeds }, test.deviation, 0), 5000)
				if separatesAny(c) {
					errors++
				}
				if c.pooledSeparatesAny() {
					pooled++
				}
			}
			t.Logf("%d of %d sweeps separate a pair, %d with the pooled variance alone", errors, sweeps, pooled)
			if rate := float64(errors) / sweeps; rate > test.atMost {
				t.Errorf("%.1f%% of sweeps separate a pair of equals, expected at most %.0f%%", 100*rate, 100*test.atMost)
			}
			if errors >= pooled {
				t.Errorf("choosing the test separates in %d sweeps, the pooled one in %d: the choice is for nothing", errors,
					pooled)
			}
		})
	}
}

// pooledSeparatesAny is what c would say if variances were always pooled.
func (c *Comparison) pooledSeparatesAny() bool {
	always := *c
	always.Test.Name = PooledTest
	var p []float64
	for i := range c.samples {
		for j := range i {
			p = append(p, always.pValue(i, j))
		}
	}
	for _, adjusted := range Holm(p) {
		if adjusted <= level {
			return true
		}
	}
	return false
}

// TestMoreSeedsSuffice trains as many more seeds as MoreSeeds asks for, of two experiments that differ by what was
// seen: 80% of the sweeps have to separate them. Rounding up to whole seeds gives some more.
func TestMoreSeedsSuffice(t *testing.T) {
	long(t)
	r := rand.New(rand.NewPCG(8, 2))
	for _, lead := range []float64{0.01, 0.006, 0.002} {
		seen := Compare([][]float64{spread(0.6, 0.005, 3), spread(0.6+lead, 0.005, 3)}, 5000).Groups[1]
		if seen.MoreSeeds == nil {
			t.Fatalf("a lead of %v: no number of seeds, expected one", lead)
		}
		found, seeds := 0, 3+*seen.MoreSeeds
		for range sweeps {
			if separatesAny(Compare(draw(r, 2, func() int { return seeds }, alike, lead), 5000)) {
				found++
			}
		}
		t.Logf("a lead of %v: found in %d of %d sweeps of %d seeds", lead, found, sweeps, seeds)
		if rate := float64(found) / sweeps; rate < 0.77 || rate > 0.9 {
			t.Errorf("a lead of %v: %d seeds find it in %.1f%% of sweeps, expected 80%%", lead, seeds, 100*rate)
		}
	}
}
