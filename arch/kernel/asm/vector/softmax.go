package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// What a row's softmax is made of.

func maximum() {
	function("maximum", "(src []float32) float32")
	lowest := constant(float32(math.Inf(-1)))
	most := load(lowest)
	loop([]string{"src"}, func(at lanes) {
		v := at.load("src")
		if at.mask != nil {
			v = choose(at.mask, v, load(lowest))
		}
		VMAXPS(v, most, most)
	})
	half, other := most.AsX(), XMM()
	VEXTRACTF128(operand.Imm(1), most, other)
	VMAXPS(other, half, half)
	VPERMILPS(operand.Imm(0b_11_10_11_10), half, other)
	VMAXPS(other, half, half)
	VMOVSHDUP(half, other)
	VMAXSS(other, half, half)
	Store(half, ReturnIndex(0))
	end()
}

// exponentials keeps the sum in double precision, in four lanes that are joined at the
// end.
func exponentials() {
	function("exponentials", "(dst, src []float32, shift float32) float64")
	shift, sum := broadcast("shift"), zero()
	loop([]string{"dst", "src"}, func(at lanes) {
		e := at.inside(exp(sub(at.load("src"), shift)))
		at.store(e, "dst")
		double, high := YMM(), XMM()
		VCVTPS2PD(e.AsX(), double)
		VADDPD(double, sum, sum)
		VEXTRACTF128(operand.Imm(1), e, high)
		VCVTPS2PD(high, double)
		VADDPD(double, sum, sum)
	})
	half, other := sum.AsX(), XMM()
	VEXTRACTF128(operand.Imm(1), sum, other)
	VADDPD(other, half, half)
	VPERMILPD(operand.Imm(1), half, other)
	VADDSD(other, half, half)
	Store(half, ReturnIndex(0))
	end()
}

func scale() {
	function("scale", "(dst, src []float32, factor float32)")
	factor := broadcast("factor")
	each([]string{"dst", "src"}, func(at lanes) {
		at.store(mul(factor, at.load("src")), "dst")
	})
}
