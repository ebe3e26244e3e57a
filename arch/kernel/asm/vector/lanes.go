package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	float  = 4 // bytes of an element
	vector = 8 // elements of a vector
)

// function begins a function of package kernel. What it computes stands at its field
// of the type vector there.
func function(name, signature string) {
	TEXT(name+"AVX2", attr.NOSPLIT, "func"+signature)
	Pragma("noescape")
}

// end returns from a function.
func end() {
	VZEROUPPER()
	RET()
}

// lanes is where a loop stands: at the vector that begins with element index of its
// slices. In the rest, only the lanes of mask are inside the slices.
type lanes struct {
	slices map[string]reg.Register
	index  reg.Register
	mask   reg.VecVirtual // nil: all lanes
}

// each generates the rest of a function that is a loop and returns nothing.
func each(slices []string, body func(at lanes)) {
	loop(slices, body)
	end()
}

// loop generates a loop over slices of equal length: body for every 8 elements,
// and once more for the rest.
func loop(slices []string, body func(at lanes)) {
	at := lanes{slices: make(map[string]reg.Register), index: GP64()}
	for _, name := range slices {
		at.slices[name] = Load(Param(name).Base(), GP64())
	}
	length := Load(Param(slices[0]).Len(), GP64())
	XORQ(at.index, at.index)
	whole := GP64()
	MOVQ(length, whole)
	ANDQ(operand.I8(-vector), whole)
	JZ(operand.LabelRef("rest"))
	Label("vectors")
	body(at)
	ADDQ(operand.Imm(vector), at.index)
	CMPQ(at.index, whole)
	JB(operand.LabelRef("vectors"))
	Label("rest")
	SUBQ(at.index, length)
	JZ(operand.LabelRef("done"))
	at.mask = firstLanes(length)
	body(at)
	Label("done")
}

// firstLanes is the mask of the first count lanes, 1 to 7.
func firstLanes(count reg.Register) reg.VecVirtual {
	const name = "masks"
	table := table(name, func() {
		for i := range 2 * vector {
			lane := uint32(0)
			if i < vector {
				lane = math.MaxUint32
			}
			DATA(i*float, operand.U32(lane))
		}
	})
	address, back, mask := GP64(), GP64(), YMM()
	LEAQ(table.Offset(vector*float), address)
	MOVQ(count, back)
	NEGQ(back)
	VMOVUPS(operand.Mem{Base: address, Index: back, Scale: float}, mask)
	return mask
}

// label names a place in the body of a loop, which is generated twice.
func (at lanes) label(name string) string {
	if at.mask != nil {
		return name + "Rest"
	}
	return name
}

// element is the address of a slice's first element of the vector.
func (at lanes) element(slice string) operand.Mem {
	return operand.Mem{Base: at.slices[slice], Index: at.index, Scale: float}
}

// load loads a vector of a slice. Lanes outside of it are zero.
func (at lanes) load(slice string) reg.VecVirtual { return at.loadFrom(at.element(slice)) }

func (at lanes) loadFrom(m operand.Mem) reg.VecVirtual {
	v := YMM()
	if at.mask != nil {
		VMASKMOVPS(m, at.mask, v)
	} else {
		VMOVUPS(m, v)
	}
	return v
}

// store stores a vector of a slice, the lanes inside of it.
func (at lanes) store(v reg.VecVirtual, slice string) { at.storeTo(v, at.element(slice)) }

func (at lanes) storeTo(v reg.VecVirtual, m operand.Mem) {
	if at.mask != nil {
		VMASKMOVPS(v, at.mask, m)
	} else {
		VMOVUPS(v, m)
	}
}

// inside zeroes the lanes outside of the slices.
func (at lanes) inside(v reg.VecVirtual) reg.VecVirtual {
	if at.mask == nil {
		return v
	}
	return and(v, at.mask)
}

// broadcast fills all lanes with a parameter of 32 bits.
func broadcast(param string) reg.VecVirtual {
	address, err := Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	v := YMM()
	VBROADCASTSS(address.Addr, v)
	return v
}

// broadcastLow fills all lanes with the lower 32 bits of a register.
func broadcastLow(r reg.Register) reg.VecVirtual {
	v := YMM()
	VMOVD(r.(reg.GP).As32(), v.AsX())
	VPBROADCASTD(v.AsX(), v)
	return v
}

// tables are the constants in memory so far.
var tables = make(map[string]operand.Mem)

// table returns the constant of that name, which data fills the first time it is asked
// for.
func table(name string, data func()) operand.Mem {
	m, ok := tables[name]
	if !ok {
		m = GLOBL(name, attr.RODATA|attr.NOPTR)
		data()
		tables[name] = m
	}
	return m
}

// constant returns a vector in memory with the same number in all lanes.
func constant(v float32) operand.Mem { return pattern(math.Float32bits(v)) }

// pattern returns a vector in memory with the same bits in all lanes.
func pattern(bits uint32) operand.Mem {
	return sequence(fmt.Sprintf("all%08x", bits), func(int) uint32 { return bits })
}

// sequence returns the vector f(0), f(1), ..., f(7) in memory.
func sequence(name string, f func(lane int) uint32) operand.Mem {
	return table(name, func() {
		for i := range vector {
			DATA(i*float, operand.U32(f(i)))
		}
	})
}
