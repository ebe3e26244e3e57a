// Command tile generates the innermost products of package kernel for amd64.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!purego")
	for _, vectors := range []int{2, 1} {
		multiplyAdd("AVX512", 8, vectors, 64, func() reg.VecVirtual { return ZMM() })
		multiplyAdd("AVX2", 6, vectors, 32, func() reg.VecVirtual { return YMM() })
	}
	Generate()
}

// float is the size of an element in bytes.
const float = 4

// Offsets of the fields of tileCall in package kernel, whose test checks them.
const (
	callA     = 0
	callRows  = 24
	callCount = 32 // the length of rows
	callSteps = 48
	callDepth = 56 // the length of steps
	callB     = 72
	callC     = 96
	callCRow  = 120
	callBias  = 128
	callAhead = 152
	callReLU  = 160
	offset    = 4 // bytes of one of rows and steps
)

// multiplyAdd generates the product of tiles of the given rows and vectors of columns, one
// below another: see the type tile in package kernel. All sums of a tile stay in
// registers. Each step of depth loads a row of b, and each row of a gives one factor for
// whole vectors of fused multiply-adds.
func multiplyAdd(isa string, rows, vectors, vectorBytes int, vector func() reg.VecVirtual) {
	name := fmt.Sprintf("multiplyAdd%sx%dx%d", isa, rows, vectors*vectorBytes/float)
	TEXT(name, NOSPLIT, "func(call *byte)")
	call := Load(Param("call"), GP64())
	field := func(offset int) operand.Mem { return operand.Mem{Base: call, Disp: offset} }
	column := func(base reg.Register, j int) operand.Mem {
		return operand.Mem{Base: base, Disp: j * vectorBytes}
	}

	Comment("Where the tile is: its rows, how many there are from here on, and C.")
	place := AllocLocal(24)
	rowsHere, left, cHere := place, place.Offset(8), place.Offset(16)
	for _, copied := range []struct {
		from int
		to   operand.Mem
	}{{callRows, rowsHere}, {callCount, left}, {callC, cHere}} {
		value := GP64()
		MOVQ(field(copied.from), value)
		MOVQ(value, copied.to)
	}

	Label("tile")
	a, rowsAt := GP64(), GP64()
	MOVQ(field(callA), a)
	MOVQ(rowsHere, rowsAt)
	starts := make([]reg.GPVirtual, rows)
	for i := range starts {
		starts[i] = GP64()
		MOVLQSX(operand.Mem{Base: rowsAt, Disp: i * offset}, starts[i])
		LEAQ(operand.Mem{Base: a, Index: starts[i], Scale: float}, starts[i])
	}
	ahead := GP64()
	MOVQ(field(callAhead), ahead)
	LEAQ(operand.Mem{Base: starts[0], Index: ahead, Scale: float}, ahead)

	c, cRow := GP64(), GP64()
	sums := make([][]reg.VecVirtual, rows)
	for i := range sums {
		for range vectors {
			sums[i] = append(sums[i], vector())
		}
	}
	eachC := func(f func(sum reg.VecVirtual, at operand.Mem)) {
		MOVQ(cHere, c)
		MOVQ(field(callCRow), cRow)
		SHLQ(operand.Imm(2), cRow)
		for i := range sums {
			for j, sum := range sums[i] {
				f(sum, column(c, j))
			}
			ADDQ(cRow, c)
		}
	}

	bias := GP64()
	MOVQ(field(callBias), bias)
	TESTQ(bias, bias)
	JNE(operand.LabelRef("bias"))
	eachC(func(sum reg.VecVirtual, at operand.Mem) { VMOVUPS(at, sum) })
	JMP(operand.LabelRef("started"))
	Label("bias")
	Comment("C is only written: its lines are on their way while the sums are made.")
	eachC(func(_ reg.VecVirtual, at operand.Mem) { PREFETCHT0(at) })
	for j := range vectors {
		VMOVUPS(column(bias, j), sums[0][j])
		for i := 1; i < rows; i++ {
			VMOVAPS(sums[0][j], sums[i][j])
		}
	}
	Label("started")

	steps, depth, b, step := GP64(), GP64(), GP64(), GP64()
	MOVQ(field(callSteps), steps)
	MOVQ(field(callDepth), depth)
	MOVQ(field(callB), b)
	Label("step")
	MOVLQSX(operand.Mem{Base: steps}, step)
	PREFETCHT0(operand.Mem{Base: ahead})
	row := make([]reg.VecVirtual, vectors)
	for j := range row {
		row[j] = vector()
		VMOVUPS(column(b, j), row[j])
	}
	for i := range sums {
		factor := vector()
		VBROADCASTSS(operand.Mem{Base: starts[i], Index: step, Scale: float}, factor)
		for j := range row {
			VFMADD231PS(row[j], factor, sums[i][j])
		}
	}
	ADDQ(operand.Imm(uint64(rows*float)), ahead)
	ADDQ(operand.Imm(offset), steps)
	ADDQ(operand.Imm(uint64(vectors*vectorBytes)), b)
	DECQ(depth)
	JNZ(operand.LabelRef("step"))

	CMPB(field(callReLU), operand.Imm(0))
	JE(operand.LabelRef("store"))
	zero := vector()
	VXORPS(zero, zero, zero)
	for i := range sums {
		for _, sum := range sums[i] {
			Comment("The maximum with zero that keeps NaN; -0 becomes 0.")
			VMAXPS(sum, zero, sum)
			VADDPS(zero, sum, sum)
		}
	}
	Label("store")
	eachC(func(sum reg.VecVirtual, at operand.Mem) { VMOVUPS(sum, at) })
	MOVQ(c, cHere)
	ADDQ(operand.Imm(uint64(rows*offset)), rowsHere)
	SUBQ(operand.Imm(uint64(rows)), left)
	JNZ(operand.LabelRef("tile"))
	VZEROUPPER()
	RET()
}
