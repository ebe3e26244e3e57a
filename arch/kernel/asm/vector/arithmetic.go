package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Arithmetic on vectors of 8 float32, with the operands in the order of formulas. The
// second operand may be in memory.

func add(a reg.Register, b operand.Op) reg.VecVirtual { return apply(VADDPS, a, b) }
func sub(a reg.Register, b operand.Op) reg.VecVirtual { return apply(VSUBPS, a, b) }
func mul(a reg.Register, b operand.Op) reg.VecVirtual { return apply(VMULPS, a, b) }
func div(a reg.Register, b operand.Op) reg.VecVirtual { return apply(VDIVPS, a, b) }

// larger is the larger of two numbers, and b if one of them is NaN.
func larger(a reg.Register, b operand.Op) reg.VecVirtual { return apply(VMAXPS, a, b) }

// smaller is the smaller of two numbers, and b if one of them is NaN.
func smaller(a reg.Register, b operand.Op) reg.VecVirtual { return apply(VMINPS, a, b) }

func and(a reg.Register, b operand.Op) reg.VecVirtual { return apply(VANDPS, a, b) }
func or(a reg.Register, b operand.Op) reg.VecVirtual  { return apply(VORPS, a, b) }

func apply(instruction func(...operand.Op), a reg.Register, b operand.Op) reg.VecVirtual {
	v := YMM()
	instruction(b, a, v)
	return v
}

func sqrt(a reg.Register) reg.VecVirtual {
	v := YMM()
	VSQRTPS(a, v)
	return v
}

// fuse replaces a by a*b + c, rounded once, and returns it.
func fuse(a reg.VecVirtual, b reg.Register, c operand.Op) reg.VecVirtual {
	VFMADD213PS(c, b, a)
	return a
}

// load copies a constant to a register.
func load(m operand.Mem) reg.VecVirtual {
	v := YMM()
	VMOVUPS(m, v)
	return v
}

// zero is a vector of zeros.
func zero() reg.VecVirtual {
	v := YMM()
	VXORPS(v, v, v)
	return v
}

// relation is a comparison of floating-point numbers, numbered as VCMPPS does.
type relation uint8

const (
	equal          relation = 0x00 // no, if one is NaN
	notEqual       relation = 0x04 // yes, if one is NaN
	notLessOrEqual relation = 0x06 // greater, or one is NaN
	greater        relation = 0x1e // no, if one is NaN
)

// compare is a mask of the lanes where the relation holds.
func compare(a reg.Register, r relation, b operand.Op) reg.VecVirtual {
	v := YMM()
	VCMPPS(operand.U8(r), b, a, v)
	return v
}

// choose takes the lanes of yes where the mask's sign bit is set, else of no.
func choose(mask reg.Register, yes operand.Op, no reg.Register) reg.VecVirtual {
	v := YMM()
	VBLENDVPS(mask, yes, no, v)
	return v
}

const signBit = 0x80000000

// sign is the number's sign bit alone.
func sign(a reg.Register) reg.VecVirtual { return and(a, pattern(signBit)) }

// magnitude is the number without its sign bit.
func magnitude(a reg.Register) reg.VecVirtual { return and(a, pattern(^uint32(signBit))) }

// negative is minus the number's magnitude.
func negative(a reg.Register) reg.VecVirtual { return or(a, pattern(signBit)) }

// polynomial is coefficients[0] + coefficients[1]*x + ..., fused.
func polynomial(x reg.Register, coefficients []float32) reg.VecVirtual {
	last := len(coefficients) - 1
	sum := load(constant(coefficients[last]))
	for i := last - 1; i >= 0; i-- {
		fuse(sum, x, constant(coefficients[i]))
	}
	return sum
}
