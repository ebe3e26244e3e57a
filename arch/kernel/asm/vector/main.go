// Command vector generates the elementwise loops of package kernel for AVX2: the fields of
// its type vector, which says what each of them computes.
//
// The loops are bound by memory, so one vector width serves every amd64 instruction set.
// Where no exponential is involved, products and sums are not fused, so that the bits are
// those of plain Go.
package main

import . "github.com/mmcloughlin/avo/build"

func main() {
	ConstraintExpr("amd64,!purego")
	rows()
	copies()
	transpose()
	addition()
	dropout()
	dropoutBackward()
	normalize()
	maximum()
	exponentials()
	scale()
	maxWindow()
	maxWindowBackward()
	meanWindow()
	meanWindowBackward()
	activations()
	sgd()
	momentum("momentum", false)
	momentum("nesterov", true)
	rmsprop("rmsprop", false)
	rmsprop("rmspropMomentum", true)
	adam()
	Generate()
}
