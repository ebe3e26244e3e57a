// Command asm generates the innermost products of package kernel for amd64.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("!purego")
	multiplyAdd("AVX512", 14, 64, func() reg.VecVirtual { return ZMM() })
	multiplyAdd("AVX2", 6, 32, func() reg.VecVirtual { return YMM() })
	Generate()
}

// float is the size of an element in bytes.
const float = 4

// multiplyAdd generates c += a*b for a tile of the given number of rows and two
// vectors of columns: see the type multiplyAdd in package kernel. All of c stays
// in registers. At each step of depth, two vectors of b are loaded, and each row
// of a gives one number for a whole vector and two fused multiply-adds.
func multiplyAdd(isa string, rows, vectorBytes int, vector func() reg.VecVirtual) {
	TEXT("multiplyAdd"+isa, NOSPLIT,
		"func(depth int, a []float32, aRow, aDepth int, b, c []float32, cRow int)")
	Doc(fmt.Sprintf("multiplyAdd%s is the tile of %d rows and %d columns. depth must not be 0.",
		isa, rows, 2*vectorBytes/float))
	Pragma("noescape")

	depth := Load(Param("depth"), GP64())
	a := Load(Param("a").Base(), GP64())
	aRow := bytes("aRow")
	aDepth := bytes("aDepth")
	b := Load(Param("b").Base(), GP64())
	cRow := bytes("cRow")

	Comment("An address reaches rows 0 to 4 from a pointer: 0, 1, 2, 3 and 4 times aRow.")
	const reach = 5
	aRow3, aRow5 := GP64(), GP64()
	LEAQ(operand.Mem{Base: aRow, Index: aRow, Scale: 2}, aRow3)
	LEAQ(operand.Mem{Base: aRow, Index: aRow, Scale: 4}, aRow5)
	bases := []reg.Register{a}
	for len(bases)*reach < rows {
		base := GP64()
		LEAQ(operand.Mem{Base: bases[len(bases)-1], Index: aRow5, Scale: 1}, base)
		bases = append(bases, base)
	}
	element := func(row int) operand.Mem {
		base := bases[row/reach]
		switch row % reach {
		case 0:
			return operand.Mem{Base: base}
		case 3:
			return operand.Mem{Base: base, Index: aRow3, Scale: 1}
		default:
			return operand.Mem{Base: base, Index: aRow, Scale: uint8(row % reach)}
		}
	}

	sums := make([][2]reg.VecVirtual, rows)
	c := Load(Param("c").Base(), GP64())
	for i := range sums {
		sums[i] = [2]reg.VecVirtual{vector(), vector()}
		VMOVUPS(operand.Mem{Base: c}, sums[i][0])
		VMOVUPS(operand.Mem{Base: c, Disp: vectorBytes}, sums[i][1])
		ADDQ(cRow, c)
	}

	Label("step" + isa)
	left, right := vector(), vector()
	VMOVUPS(operand.Mem{Base: b}, left)
	VMOVUPS(operand.Mem{Base: b, Disp: vectorBytes}, right)
	for i := range sums {
		factor := vector()
		VBROADCASTSS(element(i), factor)
		VFMADD231PS(left, factor, sums[i][0])
		VFMADD231PS(right, factor, sums[i][1])
	}
	ADDQ(operand.Imm(uint64(2*vectorBytes)), b)
	for _, base := range bases {
		ADDQ(aDepth, base)
	}
	DECQ(depth)
	JNZ(operand.LabelRef("step" + isa))

	c = Load(Param("c").Base(), GP64())
	for i := range sums {
		VMOVUPS(sums[i][0], operand.Mem{Base: c})
		VMOVUPS(sums[i][1], operand.Mem{Base: c, Disp: vectorBytes})
		ADDQ(cRow, c)
	}
	VZEROUPPER()
	RET()
}

// bytes loads a parameter that counts elements, as a number of bytes.
func bytes(param string) reg.Register {
	r := Load(Param(param), GP64())
	SHLQ(operand.Imm(2), r)
	return r
}
