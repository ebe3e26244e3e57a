package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The exponential and its kin, of arguments that are not positive: all that the kernels
// need. Formulas and constants are those of their twins in plain Go, which explain them
// (vectormath.go in package kernel).

const (
	log2e         = 1.4426950408889634
	ln2High       = 0.693359375
	ln2Low        = -2.12194440e-4
	roundingShift = 0x1.8p23
	lowestExp     = -104
	lowestExpm1   = -20
	erfcScale     = 0.27
	normalDensity = 0.3989422804014327
)

var expm1Coefficients = []float32{
	0.4999999701976776, 0.1666654348373413, 0.04166719689965248, 0.008366568014025688, 0.0013882757630199194,
}

var erfcCoefficients = []float32{
	0.10772018134593964, 0.10755050927400589, 0.1017591580748558, 0.07224032282829285, 0.1073993518948555,
	-0.06862087547779083, 0.16929131746292114, -0.12625522911548615, 0.028915267437696457,
}

// reduce writes x as n ln 2 + r and returns expm1(r), and 2^(n+lift) in bits.
func reduce(x reg.VecVirtual, lift uint32) (expm1, power reg.VecVirtual) {
	shifted := load(constant(log2e))
	fuse(shifted, x, constant(roundingShift))
	n := sub(shifted, constant(roundingShift))
	r := YMM()
	VMOVAPS(x, r)
	VFNMADD231PS(constant(ln2High), n, r)
	VFNMADD231PS(constant(ln2Low), n, r)
	sum := polynomial(r, expm1Coefficients)
	expm1 = fuse(sum, mul(r, r), r)

	power = YMM()
	VPADDD(pattern(127+lift), shifted, power)
	VPSLLD(operand.Imm(23), power, power)
	return expm1, power
}

// exp is the exponential.
func exp(x reg.Register) reg.VecVirtual {
	const lift = 64 // keeps 2^n a normal number where exp(x) is none
	expm1, power := reduce(atLeast(lowestExp, x), lift)
	return mul(fuse(expm1, power, power), constant(1.0/(1<<lift)))
}

// expm1 is exp(x) - 1.
func expm1(x reg.Register) reg.VecVirtual {
	q, power := reduce(atLeast(lowestExpm1, x), 0)
	return fuse(q, power, sub(power, constant(1)))
}

// atLeast is the larger of a number and x, and NaN if x is.
func atLeast(lowest float32, x reg.Register) reg.VecVirtual { return larger(load(constant(lowest)), x) }

// sigmoids returns sigmoid(z) and sigmoid(-z).
func sigmoids(z reg.Register) (s, rest reg.VecVirtual) {
	e := exp(negative(z))
	large := div(load(constant(1)), add(e, constant(1)))
	small := mul(e, large)
	return choose(z, small, large), choose(z, large, small)
}

// normalCDF returns the standard normal distribution function, and
// exp(-z*z/2), its density without the factor.
func normalCDF(z reg.Register) (cdf, density reg.VecVirtual) {
	density = exp(mul(mul(z, z), constant(-0.5)))
	scaled := mul(magnitude(z), constant(erfcScale))
	t := div(load(constant(1)), add(scaled, constant(1)))
	lower := mul(mul(polynomial(t, erfcCoefficients), t), density)
	return choose(z, lower, sub(load(constant(1)), lower)), density
}
