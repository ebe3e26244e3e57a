package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transpose works on a square of vectors at a time: it interleaves pairs of rows, then
// pairs of pairs, and then joins the halves of vectors.
func transpose() {
	function("transpose", "(dst []float32, stride int, src []float32, width, squares int)")
	dst, stride := newRows("dst", "stride"), Load(Param("stride"), GP64())
	src := newRows("src", "width")
	squares := Load(Param("squares"), GP64())
	SHLQ(operand.Imm(5), stride) // 8 rows in bytes

	Label("square")
	var in, pairs, fours [8]reg.VecVirtual
	for i := range in {
		in[i] = YMM()
		VMOVUPS(src.row(i), in[i])
	}
	for i := 0; i < 8; i += 2 {
		pairs[i], pairs[i+1] = YMM(), YMM()
		VUNPCKLPS(in[i+1], in[i], pairs[i])
		VUNPCKHPS(in[i+1], in[i], pairs[i+1])
	}
	for i := 0; i < 8; i += 4 {
		for j := range 2 {
			low, high := pairs[i+j], pairs[i+j+2]
			fours[i+2*j], fours[i+2*j+1] = YMM(), YMM()
			VSHUFPS(operand.Imm(0x44), high, low, fours[i+2*j])
			VSHUFPS(operand.Imm(0xee), high, low, fours[i+2*j+1])
		}
	}
	for i := range 4 {
		for half, order := range []uint64{0x20, 0x31} {
			out := YMM()
			VPERM2F128(operand.Imm(order), fours[i+4], fours[i], out)
			VMOVUPS(out, dst.row(4*half+i))
		}
	}
	src.advance(operand.Imm(vector * float))
	dst.advance(stride)
	DECQ(squares)
	JNZ(operand.LabelRef("square"))
	end()
}

// eightRows addresses eight rows of a slice.
type eightRows struct{ first, fifth, pitch, pitch3 reg.Register }

func newRows(slice, pitch string) eightRows {
	r := eightRows{first: Load(Param(slice).Base(), GP64()), fifth: GP64(), pitch: bytes(Param(pitch)), pitch3: GP64()}
	LEAQ(operand.Mem{Base: r.first, Index: r.pitch, Scale: 4}, r.fifth)
	LEAQ(operand.Mem{Base: r.pitch, Index: r.pitch, Scale: 2}, r.pitch3)
	return r
}

func (r eightRows) row(i int) operand.Mem {
	base := r.first
	if i >= 4 {
		base = r.fifth
	}
	switch i % 4 {
	case 0:
		return operand.Mem{Base: base}
	case 3:
		return operand.Mem{Base: base, Index: r.pitch3, Scale: 1}
	}
	return operand.Mem{Base: base, Index: r.pitch, Scale: uint8(i % 4)}
}

func (r eightRows) advance(bytes operand.Op) {
	ADDQ(bytes, r.first)
	ADDQ(bytes, r.fifth)
}
