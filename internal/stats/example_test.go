package stats_test

import (
	"fmt"

	"runner/internal/stats"
)

// Three architectures, three seeds each, measured on 5,000 validation examples. The first two
// share a rank, since nothing shows that one is better; the third is worse than both.
func ExampleCompare() {
	c := stats.Compare([][]float64{
		{0.621, 0.631, 0.618},
		{0.616, 0.624, 0.622},
		{0.562, 0.555, 0.567},
	}, 5000)
	fmt.Println("test:", c.Test.Name)
	for i, g := range c.Groups {
		fmt.Printf("%d: rank %d, tied %t, mean %.3f in %.3f .. %.3f\n", i, g.Rank, g.Tied, g.Mean, g.Interval.Low,
			g.Interval.High)
	}
	pair := c.Pair(0, 2)
	fmt.Printf("0 less 2: %.3f, separated %t\n", pair.Difference, pair.Separated)
	// Output:
	// test: pooled t
	// 0: rank 1, tied true, mean 0.623 in 0.606 .. 0.640
	// 1: rank 1, tied true, mean 0.621 in 0.610 .. 0.631
	// 2: rank 3, tied false, mean 0.561 in 0.546 .. 0.576
	// 0 less 2: 0.062, separated true
}

// Of the validation examples, one network alone is right on 120, the other alone on 80.
func ExampleMcNemar() {
	fmt.Printf("p = %.4f\n", stats.McNemar(120, 80))
	// Output:
	// p = 0.0057
}

// Three tests at once: each p value grows, so that their number is allowed for.
func ExampleHolm() {
	fmt.Println(stats.Holm([]float64{0.01, 0.04, 0.03}))
	// Output:
	// [0.03 0.06 0.06]
}
