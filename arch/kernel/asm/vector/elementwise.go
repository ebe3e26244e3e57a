package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// Sums, dropout and the conversion of bytes.

func addition() {
	function("add", "(dst, a, b []float32)")
	each([]string{"dst", "a", "b"}, func(at lanes) {
		at.store(add(at.load("a"), at.load("b")), "dst")
	})
}

// keptBits is the address of the byte whose bits are the lanes' draws.
func keptBits(at lanes) operand.Mem {
	eighth := GP64()
	MOVQ(at.index, eighth)
	SHRQ(operand.Imm(3), eighth)
	return operand.Mem{Base: at.slices["kept"], Index: eighth, Scale: 1}
}

func dropout() {
	function("dropout", "(y, x []float32, words []uint32, kept []byte, threshold uint32, scale float32)")
	threshold, scale := broadcast("threshold"), broadcast("scale")
	each([]string{"y", "x", "words", "kept"}, func(at lanes) {
		words, kept := at.load("words"), YMM()
		VPMAXUD(words, threshold, kept)
		VPCMPEQD(words, kept, kept)
		at.store(mul(at.load("x"), and(kept, scale)), "y")
		bits := GP32()
		VMOVMSKPS(at.inside(kept), bits)
		MOVB(bits.As8(), keptBits(at))
	})
}

func dropoutBackward() {
	function("dropoutBackward", "(dx, dy []float32, kept []byte, scale float32)")
	scale := broadcast("scale")
	each([]string{"dx", "dy", "kept"}, func(at lanes) {
		bit := load(sequence("bits", func(lane int) uint32 { return 1 << lane }))
		kept := YMM()
		VPBROADCASTB(keptBits(at), kept)
		VPAND(bit, kept, kept)
		VPCMPEQD(bit, kept, kept)
		at.store(mul(at.load("dy"), and(kept, scale)), "dx")
	})
}

func normalize() {
	function("normalize", "(dst []float32, src []byte)")
	dst, src := Load(Param("dst").Base(), GP64()), Load(Param("src").Base(), GP64())
	length := Load(Param("dst").Len(), GP64())
	const most = 255
	divisor := load(constant(most))
	Label("vectors")
	CMPQ(length, operand.Imm(vector))
	JB(operand.LabelRef("rest"))
	v := YMM()
	VPMOVZXBD(operand.Mem{Base: src}, v)
	VCVTDQ2PS(v, v)
	VMOVUPS(div(v, divisor), operand.Mem{Base: dst})
	ADDQ(operand.Imm(vector), src)
	ADDQ(operand.Imm(vector*float), dst)
	SUBQ(operand.Imm(vector), length)
	JMP(operand.LabelRef("vectors"))

	Label("rest")
	TESTQ(length, length)
	JZ(operand.LabelRef("done"))
	value, number := GP32(), XMM()
	MOVBLZX(operand.Mem{Base: src}, value)
	VXORPS(number, number, number)
	VCVTSI2SSL(value, number, number)
	VDIVSS(divisor.AsX(), number, number)
	VMOVSS(number, operand.Mem{Base: dst})
	INCQ(src)
	ADDQ(operand.Imm(float), dst)
	DECQ(length)
	JMP(operand.LabelRef("rest"))
	Label("done")
	end()
}
