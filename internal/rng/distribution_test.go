package rng

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The seeds are fixed, so the tests below either always pass or always fail;
// a perfect generator misses the bounds with one of some 10,000 seeds.

const draws = 200_000

// moments holds draws against a mean and a standard deviation, within four standard errors
// of each. kurtosis is the fourth standardised moment of the distribution, which gives the
// standard error of the variance.
func moments(t *testing.T, mean, stddev, kurtosis float64, draw func(i uint64) float64) {
	t.Helper()
	var sum, squares float64
	for i := range uint64(draws) {
		d := draw(i) - mean
		sum += d
		squares += d * d
	}
	if got, bound := sum/draws, 4*stddev/math.Sqrt(draws); math.Abs(got) > bound {
		t.Errorf("mean is %v off, expected at most %v", got, bound)
	}
	variance := stddev * stddev
	got, bound := squares/draws, 4*variance*math.Sqrt((kurtosis-1)/draws)
	if math.Abs(got-variance) > bound {
		t.Errorf("variance %v, expected %v within %v", got, variance, bound)
	}
}

// chiSquare tests that counts are uniform. For k degrees of freedom the
// statistic has mean k and variance 2k.
func chiSquare(t *testing.T, counts []int) {
	t.Helper()
	total := 0
	for _, c := range counts {
		total += c
	}
	expected := float64(total) / float64(len(counts))
	statistic := 0.0
	for _, c := range counts {
		d := float64(c) - expected
		statistic += d * d / expected
	}
	k := float64(len(counts) - 1)
	if math.Abs(statistic-k) > 4*math.Sqrt(2*k) {
		t.Errorf("chi-square %v over %d cells, expected about %v", statistic, len(counts), k)
	}
}

func TestUniform(t *testing.T) {
	s := New(11, Weights, 2, 3)
	tests := []struct {
		name string
		draw func(i uint64) float64
	}{
		{"Float64", s.Float64},
		// Neighbouring streams at one element: coordinates must mix as well as elements do.
		{"steps", func(i uint64) float64 { return New(11, Weights, 2, int64(i)).Float64(0) }},
		{"layers", func(i uint64) float64 { return New(11, Weights, int(i), 3).Float64(0) }},
		{"seeds", func(i uint64) float64 { return New(int64(i), Weights, 2, 3).Float64(0) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			moments(t, 0.5, math.Sqrt(1.0/12), 1.8, test.draw)
			single, pairs := make([]int, 100), make([]int, 30*30)
			last := test.draw(draws)
			for i := range uint64(draws) {
				u := test.draw(i)
				if u < 0 || u >= 1 {
					t.Fatalf("element %d is %v, expected [0, 1)", i, u)
				}
				single[int(u*100)]++
				pairs[int(last*30)*30+int(u*30)]++
				last = u
			}
			chiSquare(t, single)
			chiSquare(t, pairs)
		})
	}
}

func TestNormal(t *testing.T) {
	s := New(5, Bias, 1, 0)
	moments(t, 0, 1, 3, s.Normal)
	// Cells of equal probability, by the normal's distribution function.
	counts := make([]int, 100)
	beyond3 := 0
	for i := range uint64(draws) {
		x := s.Normal(i)
		if math.IsNaN(x) || math.Abs(x) > 8.3 {
			t.Fatalf("element %d is %v", i, x)
		}
		if math.Abs(x) > 3 {
			beyond3++
		}
		counts[int(math.Erfc(-x/math.Sqrt2)/2*100)]++
	}
	chiSquare(t, counts)
	expected := draws * math.Erfc(3/math.Sqrt2)
	if math.Abs(float64(beyond3)-expected) > 4*math.Sqrt(expected) {
		t.Errorf("%d draws beyond 3, expected about %.0f", beyond3, expected)
	}
}

func TestIntN(t *testing.T) {
	s := New(3, Sample, 0, 9)
	for _, n := range []int{1, 2, 3, 10, 1000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			counts := make([]int, n)
			for i := range uint64(draws) {
				counts[s.IntN(i, n)]++ // out of range panics
			}
			if n > 1 {
				chiSquare(t, counts)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, math.MaxInt).Draw(t, "n")
		i := rapid.Uint64().Draw(t, "i")
		if got := s.IntN(i, n); got < 0 || got >= n {
			t.Errorf("IntN(%d, %d) = %d", i, n, got)
		}
	})
}

func TestPerm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dst := make([]int32, rapid.IntRange(0, 300).Draw(t, "n"))
		for i := range dst {
			dst[i] = -1 // the content does not matter
		}
		New(rapid.Int64().Draw(t, "seed"), Shuffle, 0, 1).Perm(dst)
		slices.Sort(dst)
		for i, v := range dst {
			if v != int32(i) {
				t.Fatalf("sorted[%d] = %d: not a permutation of 0 to %d", i, v, len(dst)-1)
			}
		}
	})

	// All 24 orders of four are equally likely.
	orders := map[[4]int32]int{}
	for step := range int64(24_000) {
		var dst [4]int32
		New(1, Shuffle, 0, step).Perm(dst[:])
		orders[dst]++
	}
	counts := []int{}
	for _, c := range orders {
		counts = append(counts, c)
	}
	if len(counts) != 24 {
		t.Errorf("%d different orders of four, expected 24", len(counts))
	}
	chiSquare(t, counts)
}
