package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// rows generates addRows. A block of columns stays in registers while all rows are added
// to it: four vectors at first, so that the additions of a row need not wait for those of
// the row before; then one vector, then the rest of one.
func rows() {
	function("addRows", "(dst, data []float32)")
	dst, width := Load(Param("dst").Base(), GP64()), Load(Param("dst").Len(), GP64())
	data, last := Load(Param("data").Base(), GP64()), Load(Param("data").Len(), GP64())
	TESTQ(last, last)
	JZ(operand.LabelRef("done"))
	LEAQ(operand.Mem{Base: data, Index: last, Scale: float}, last)
	step := GP64()
	MOVQ(width, step)
	SHLQ(operand.Imm(2), step)

	for _, vectors := range []int{4, 1} {
		columns := uint64(vectors * vector)
		block := fmt.Sprintf("columns%d", columns)
		Label(block)
		CMPQ(width, operand.Imm(columns))
		JB(operand.LabelRef(block + "end"))
		addBlock(block, lanes{}, vectors, dst, data, step, last)
		ADDQ(operand.Imm(columns*float), dst)
		ADDQ(operand.Imm(columns*float), data)
		SUBQ(operand.Imm(columns), width)
		JMP(operand.LabelRef(block))
		Label(block + "end")
	}
	TESTQ(width, width)
	JZ(operand.LabelRef("done"))
	addBlock("rest", lanes{mask: firstLanes(width)}, 1, dst, data, step, last)
	Label("done")
	end()
}

// addBlock adds some vectors of columns of all rows to dst. Rows are step bytes apart, and
// none begins at last or later.
func addBlock(name string, at lanes, vectors int, dst, data, step, last reg.Register) {
	sums := make([]reg.VecVirtual, vectors)
	for i := range sums {
		sums[i] = at.loadFrom(operand.Mem{Base: dst, Disp: i * vector * float})
	}
	row := GP64()
	MOVQ(data, row)
	Label(name + "row")
	for i, sum := range sums {
		VADDPS(at.loadFrom(operand.Mem{Base: row, Disp: i * vector * float}), sum, sum)
	}
	ADDQ(step, row)
	CMPQ(row, last)
	JB(operand.LabelRef(name + "row"))
	for i, sum := range sums {
		at.storeTo(sum, operand.Mem{Base: dst, Disp: i * vector * float})
	}
}

// copies generates copyRows.
func copies() {
	function("copyRows", "(dst []float32, stride int, src []float32, width, rows, vectors int)")
	dst, stride := Load(Param("dst").Base(), GP64()), bytes(Param("stride"))
	src, width := Load(Param("src").Base(), GP64()), bytes(Param("width"))
	rows, last := Load(Param("rows"), GP64()), Load(Param("vectors"), GP64())
	SHLQ(operand.Imm(5), last) // vectors in bytes

	Label("row")
	at := GP64()
	XORQ(at, at)
	Label("vector")
	v := YMM()
	VMOVUPS(operand.Mem{Base: src, Index: at, Scale: 1}, v)
	VMOVUPS(v, operand.Mem{Base: dst, Index: at, Scale: 1})
	ADDQ(operand.Imm(vector*float), at)
	CMPQ(at, last)
	JB(operand.LabelRef("vector"))
	ADDQ(width, src)
	ADDQ(stride, dst)
	DECQ(rows)
	JNZ(operand.LabelRef("row"))
	end()
}
