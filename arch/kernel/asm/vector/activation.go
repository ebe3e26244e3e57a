package main

import "github.com/mmcloughlin/avo/reg"

const leakySlope = 0.01

// activations generates the functions and their backward passes, whose known is the
// function's input or output: see Activation in package kernel.
func activations() {
	forward("relu", func(z reg.VecVirtual) reg.VecVirtual {
		return and(z, compare(z, notLessOrEqual, zero()))
	})
	backward("relu", func(y, dy reg.VecVirtual) reg.VecVirtual {
		return and(dy, compare(y, notEqual, zero()))
	})
	forward("leakyReLU", leaky)
	backward("leakyReLU", func(y, dy reg.VecVirtual) reg.VecVirtual {
		return mul(dy, leakyFactor(y))
	})
	forward("elu", func(z reg.VecVirtual) reg.VecVirtual {
		return choose(compare(z, greater, zero()), z, expm1(z))
	})
	backward("elu", func(y, dy reg.VecVirtual) reg.VecVirtual {
		return mul(dy, add(smaller(zero(), y), constant(1)))
	})
	forward("gelu", func(z reg.VecVirtual) reg.VecVirtual {
		cdf, _ := normalCDF(z)
		return mul(z, cdf)
	})
	backward("gelu", func(z, dy reg.VecVirtual) reg.VecVirtual {
		cdf, density := normalCDF(z)
		return mul(dy, fuse(mul(density, constant(normalDensity)), z, cdf))
	})
	forward("silu", func(z reg.VecVirtual) reg.VecVirtual {
		s, _ := sigmoids(z)
		return mul(z, s)
	})
	backward("silu", func(z, dy reg.VecVirtual) reg.VecVirtual {
		s, rest := sigmoids(z)
		return mul(dy, mul(s, fuse(rest, z, constant(1))))
	})
	forward("tanh", func(z reg.VecVirtual) reg.VecVirtual {
		e := expm1(mul(magnitude(z), constant(-2)))
		return or(magnitude(div(e, add(e, constant(2)))), sign(z))
	})
	backward("tanh", func(y, dy reg.VecVirtual) reg.VecVirtual {
		return mul(dy, mul(sub(load(constant(1)), y), add(y, constant(1))))
	})
	forward("sigmoid", func(z reg.VecVirtual) reg.VecVirtual {
		s, _ := sigmoids(z)
		return s
	})
	backward("sigmoid", func(y, dy reg.VecVirtual) reg.VecVirtual {
		return mul(mul(dy, y), sub(load(constant(1)), y))
	})
}

func leaky(z reg.VecVirtual) reg.VecVirtual { return mul(z, leakyFactor(z)) }

func leakyFactor(z reg.VecVirtual) reg.VecVirtual {
	return choose(compare(z, greater, zero()), load(constant(1)), load(constant(leakySlope)))
}

func forward(name string, formula func(z reg.VecVirtual) reg.VecVirtual) {
	function(name, "(y, z []float32)")
	each([]string{"y", "z"}, func(at lanes) {
		at.store(formula(at.load("z")), "y")
	})
}

func backward(name string, formula func(known, dy reg.VecVirtual) reg.VecVirtual) {
	function(name+"Backward", "(dz, known, dy []float32)")
	each([]string{"dz", "known", "dy"}, func(at lanes) {
		at.store(formula(at.load("known"), at.load("dy")), "dz")
	})
}
