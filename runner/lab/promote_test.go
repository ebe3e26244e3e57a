package lab

import (
	"errors"
	"testing"

	"runner/internal/standing"
)

// The best of several datasets are not told by accuracies that do not compare.
func TestOneDataset(t *testing.T) {
	for _, c := range []struct {
		datasets []string
		want     string
	}{
		{nil, ""},
		{[]string{"cifar10", "cifar10"}, ""},
		{[]string{"cifar10", "cifar10", "synthetic"},
			"--dataset: expected cifar10 or synthetic, as accuracies on different datasets do not compare, received nothing"},
	} {
		var rows []standing.Standing
		for _, d := range c.datasets {
			rows = append(rows, standing.Standing{Subject: standing.Subject{Dataset: d}})
		}
		err := oneDataset(rows)
		var usage UsageError
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &usage) || err.Error() != c.want) {
			t.Errorf("%v: %v, want %q", c.datasets, err, c.want)
		}
	}
}
