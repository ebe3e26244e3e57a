package main

import (
	"context"

	"runner/internal/bench"
)

// turn is one contender with one of its tasks.
type turn struct {
	*contender
	task string
}

// alternate gives all turns, in turn, so many repetitions after one that is not
// counted, and returns what each answered.
func alternate(ctx context.Context, repetitions int, turns ...turn) ([][]float64, error) {
	answers := make([][]float64, len(turns))
	for i := range repetitions + 1 {
		for j, t := range turns {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			answer, err := t.run(t.task)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				answers[j] = append(answers[j], answer)
			}
		}
	}
	return answers, nil
}

// ratios returns a/b of each repetition.
func ratios(a, b []float64) []float64 {
	all := make([]float64, len(a))
	for i := range a {
		all[i] = a[i] / b[i]
	}
	return all
}

// fastest returns the index of the list with the lowest median.
func fastest(all [][]float64) int {
	best := 0
	for i := range all {
		if bench.Median(all[i]) < bench.Median(all[best]) {
			best = i
		}
	}
	return best
}
