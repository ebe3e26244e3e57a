package kernel

import (
	"fmt"
	"os"
	"strings"
)

// tile is the innermost product of one instruction set.
type tile struct {
	isa         string
	rows, cols  int // of the part of c that stays in registers
	multiplyAdd multiplyAdd
}

// multiplyAdd computes c += a*b for one tile:
//
//	a: rows x depth, element (i, l) at a[i*aRow+l*aDepth]
//	b: depth x cols, packed: element (l, j) at b[l*cols+j]
//	c: rows x cols, element (i, j) at c[i*cRow+j]
//
// Each element of c is one chain of additions in the order of depth, starting
// from the value in c.
type multiplyAdd func(depth int, a []float32, aRow, aDepth int, b, c []float32, cRow int)

// active is the tile of this process; see CheckISA.
var active, isaFault = chooseTile(os.Getenv("RUNNER_ISA"))

// ISA names the instruction set in use: "avx512", "avx2" or "go".
func ISA() string { return active.isa }

// CheckISA reports a value of the environment variable RUNNER_ISA that is
// unknown or that this processor cannot run. Call it once at the start.
func CheckISA() error { return isaFault }

// chooseTile returns the tile of the named instruction set, or the fastest that
// the processor has if there is no name.
func chooseTile(name string) (tile, error) {
	tiles := supportedTiles()
	if name == "" {
		return tiles[0], nil
	}
	names := make([]string, len(tiles))
	for i, t := range tiles {
		if t.isa == name {
			return t, nil
		}
		names[i] = t.isa
	}
	return tiles[0], fmt.Errorf("RUNNER_ISA: expected one of %s, which this program can run here, received %q; unset it to use %s",
		strings.Join(names, ", "), name, names[0])
}
