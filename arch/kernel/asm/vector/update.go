package main

import (
	"github.com/mmcloughlin/avo/reg"
)

// The optimizers' steps: see SGD, RMSprop and Adam in package kernel.

// gradient is g + decay*w.
func gradient(at lanes, w, decay reg.VecVirtual) reg.VecVirtual {
	return add(at.load("g"), mul(decay, w))
}

func sgd() {
	function("sgd", "(w, g []float32, rate, decay float32)")
	rate, decay := broadcast("rate"), broadcast("decay")
	each([]string{"w", "g"}, func(at lanes) {
		w := at.load("w")
		at.store(sub(w, mul(rate, gradient(at, w, decay))), "w")
	})
}

func momentum(name string, nesterov bool) {
	function(name, "(w, g, v []float32, rate, momentum, decay float32)")
	rate, momentum, decay := broadcast("rate"), broadcast("momentum"), broadcast("decay")
	each([]string{"w", "g", "v"}, func(at lanes) {
		w := at.load("w")
		d := gradient(at, w, decay)
		v := add(mul(momentum, at.load("v")), d)
		at.store(v, "v")
		step := v
		if nesterov {
			step = add(d, mul(momentum, v))
		}
		at.store(sub(w, mul(rate, step)), "w")
	})
}

func rmsprop(name string, withMomentum bool) {
	slices, signature := []string{"w", "g", "s"}, "(w, g, s []float32, rate, alpha, rest, eps, decay float32)"
	if withMomentum {
		slices = append(slices, "v")
		signature = "(w, g, s, v []float32, rate, alpha, rest, eps, momentum, decay float32)"
	}
	function(name, signature)
	rate, alpha, rest := broadcast("rate"), broadcast("alpha"), broadcast("rest")
	eps, decay := broadcast("eps"), broadcast("decay")
	var momentum reg.VecVirtual
	if withMomentum {
		momentum = broadcast("momentum")
	}
	each(slices, func(at lanes) {
		w := at.load("w")
		d := gradient(at, w, decay)
		s := add(mul(alpha, at.load("s")), mul(mul(rest, d), d))
		at.store(s, "s")
		step := div(d, add(sqrt(s), eps))
		if withMomentum {
			step = add(mul(momentum, at.load("v")), step)
			at.store(step, "v")
		}
		at.store(sub(w, mul(rate, step)), "w")
	})
}

func adam() {
	function("adam", "(w, g, m, v []float32, rate, unbias, beta1, rest1, beta2, rest2, eps, decay, shrink float32)")
	rate, unbias, eps := broadcast("rate"), broadcast("unbias"), broadcast("eps")
	beta1, rest1, beta2, rest2 := broadcast("beta1"), broadcast("rest1"), broadcast("beta2"), broadcast("rest2")
	decay, shrink := broadcast("decay"), broadcast("shrink")
	each([]string{"w", "g", "m", "v"}, func(at lanes) {
		w := at.load("w")
		d := gradient(at, w, decay)
		m := add(mul(beta1, at.load("m")), mul(rest1, d))
		at.store(m, "m")
		v := add(mul(beta2, at.load("v")), mul(mul(rest2, d), d))
		at.store(v, "v")
		step := div(mul(rate, m), add(mul(sqrt(v), unbias), eps))
		at.store(sub(w, add(mul(shrink, w), step)), "w")
	})
}
