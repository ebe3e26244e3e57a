package kernel

import (
	"fmt"
	"os"
	"strings"
)

// instructions is the innermost loops of one instruction set.
type instructions struct {
	name string // in RUNNER_ISA, runs' records and benchmarks

	// A product is cut into wide tiles, and narrow ones for a few last columns. Both
	// have the same number of rows.
	wide, narrow tile

	vector vector
}

// pureGo is what every processor can run.
var pureGo = instructions{name: "purego", wide: goTile, narrow: goTile, vector: goVector}

// active is the instruction set of this process; see CheckISA.
var active, isaFault = choose(os.Getenv("RUNNER_ISA"))

// ISA names the instruction set in use: "avx512", "avx2" or "purego".
func ISA() string { return active.name }

// CheckISA reports a value of the environment variable RUNNER_ISA that is
// unknown or that this processor cannot run. Call it once at the start.
func CheckISA() error { return isaFault }

// choose returns the named instruction set, or the fastest that the processor
// has if there is no name.
func choose(name string) (instructions, error) {
	all := supported()
	if name == "" {
		return all[0], nil
	}
	names := make([]string, len(all))
	for i, isa := range all {
		if isa.name == name {
			return isa, nil
		}
		names[i] = isa.name
	}
	return all[0], fmt.Errorf(
		"RUNNER_ISA: expected one of %s, which this program can run here, received %q; unset it to use %s",
		strings.Join(names, ", "), name, names[0])
}
