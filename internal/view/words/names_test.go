package words

import (
	"slices"
	"testing"

	"runner/internal/standing"
)

// Names of rows are no longer than they must be to differ.
func TestNames(t *testing.T) {
	rows := []standing.Standing{
		{Subject: standing.Subject{Experiment: "alone", Mode: "full", Dataset: "cifar10"}},
		{Subject: standing.Subject{Experiment: "net", Mode: "full", Dataset: "cifar10"}},
		{Subject: standing.Subject{Experiment: "net", Mode: "single-batch", Dataset: "cifar10"}},
		{Subject: standing.Subject{Experiment: "net", Mode: "full", Dataset: "cifar10",
			InitFrom: "3f2c1ab4d5e6f70813253a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f"}},
		{Subject: standing.Subject{Experiment: "net", Mode: "full", Dataset: "synthetic"}},
	}
	// Names that still do not differ stay as they are.
	rows = append(rows, rows[0])
	want := []string{"alone", "net, full, cifar10", "net, single-batch", "net (from 3f2c1ab4)", "net, full, synthetic",
		"alone"}
	if got := Names(rows); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
