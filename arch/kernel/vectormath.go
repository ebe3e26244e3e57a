package kernel

import "math"

// The exponential and its kin in single precision, to about one unit in the last place,
// of arguments that are not positive: all that the kernels need. The assembly has the
// same formulas with fused multiply-adds, so results may differ in the last bits. Here
// conversions forbid fusing, so that every processor rounds alike. NaN stays NaN.
//
// With n the integer nearest to x/ln 2 and r = x - n ln 2, |r| <= ln(2)/2,
//
//	exp(x)     = 2^n * (1 + expm1(r))
//	exp(x) - 1 = 2^n * expm1(r) + (2^n - 1)
//	expm1(r)   = r + r*r*P(r), P minimax (Remez), with an error of 1.4e-8
//
// in which nothing cancels (Cody and Waite 1980, "Software manual for the
// elementary functions").
const (
	log2e         = 1 / math.Ln2
	ln2High       = 0.693359375 // has few bits: its product with n is exact
	ln2Low        = -2.12194440e-4
	roundingShift = 0x1.8p23 // added to a small number, leaves it rounded to an integer
	lowestExp     = -104     // exp is below half the smallest number above 0
	lowestExpm1   = -20      // exp - 1 rounds to -1
)

// reduce returns expm1(r), and n with garbage in its bits from the ninth on.
func reduce(x float32) (expm1 float32, n uint32) {
	shifted := float32(x*log2e) + roundingShift
	count := shifted - roundingShift
	r := x - float32(count*ln2High)
	r -= float32(count * ln2Low)
	p := 0.008366568014025688 + float32(0.0013882757630199194*r)
	p = 0.04166719689965248 + float32(p*r)
	p = 0.1666654348373413 + float32(p*r)
	p = 0.4999999701976776 + float32(p*r)
	return r + float32(p*float32(r*r)), math.Float32bits(shifted)
}

// power returns 2^n from n as reduce returns it.
func power(n uint32) float32 { return math.Float32frombits((n + 127) << 23) }

// exp is the exponential of x <= 0, also where it is denormal.
func exp(x float32) float32 {
	const lift = 64 // keeps 2^n a normal number
	q, n := reduce(max(x, lowestExp))
	p := power(n + lift)
	return float32((p + float32(p*q)) * (1.0 / (1 << lift)))
}

// expm1 is exp(x) - 1 of x <= 0.
func expm1(x float32) float32 {
	q, n := reduce(max(x, lowestExpm1))
	p := power(n)
	return float32(p*q) + (p - 1)
}

// sigmoids returns sigmoid(z) and sigmoid(-z) of any z: with e = exp(-|z|), they
// are 1/(1+e) and e/(1+e), or the other way round.
func sigmoids(z float32) (s, rest float32) {
	e := exp(-abs(z))
	large := 1 / (1 + e)
	small := e * large
	if z < 0 {
		return small, large
	}
	return large, small
}

// tanh is the hyperbolic tangent: with e = expm1(-2|z|), |tanh z| = -e/(e+2).
func tanh(z float32) float32 {
	e := expm1(-2 * abs(z))
	return copysign(e/(e+2), z)
}

// normalCDF returns the standard normal distribution function at z and its
// density without the factor 1/sqrt(2 pi), exp(-z*z/2). Below zero the function
// is the density times a function that changes slowly, which is t*P(t) for
// t = 1/(1 + 0.27|z|), P minimax (Remez) for |z| < 14, with a relative error of
// 2.4e-8; the form is that of Hastings 1955, "Approximations for digital
// computers".
func normalCDF(z float32) (cdf, density float32) {
	density = exp(float32(z*z) * -0.5)
	t := 1 / (1 + float32(0.27*abs(z)))
	p := -0.12625522911548615 + float32(0.028915267437696457*t)
	p = 0.16929131746292114 + float32(p*t)
	p = -0.06862087547779083 + float32(p*t)
	p = 0.1073993518948555 + float32(p*t)
	p = 0.07224032282829285 + float32(p*t)
	p = 0.1017591580748558 + float32(p*t)
	p = 0.10755050927400589 + float32(p*t)
	p = 0.10772018134593964 + float32(p*t)
	lower := float32(float32(p*t) * density)
	if z < 0 {
		return lower, density
	}
	return 1 - lower, density
}

const signBit = 1 << 31

func abs(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ signBit) }

// copysign returns x with the sign of y.
func copysign(x, y float32) float32 {
	return math.Float32frombits(math.Float32bits(x)&^signBit | math.Float32bits(y)&signBit)
}

// sqrt compiles to one float32 instruction.
func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
