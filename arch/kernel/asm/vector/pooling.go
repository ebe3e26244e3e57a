package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The passes over one window go through its pixels, eight channels at a time.

// walk generates the loop over the pixels of a window of rows x cols for one vector of
// channels. The slice picture begins with the window. Its rows are stride elements apart,
// its pixels as many as there are channels: the length of the slice channels. first, if
// given, generates the work on the first pixel, and pixel that on the others; beside, if
// given, is generated after each step to a next pixel or row.
type walk struct {
	picture, channels string
	first, pixel      func(m operand.Mem)
	beside            func(pixel bool)
}

func (w walk) generate(at lanes) {
	row, here := GP64(), GP64()
	LEAQ(at.element(w.picture), row)
	MOVQ(row, here)
	rows, cols := Load(Param("rows"), GP64()), GP64()
	nextRow, nextPixel := bytes(Param("stride")), bytes(Param(w.channels).Len())
	Comment("The window below is fetched: windows are too narrow for the processor to see it coming.")
	below := GP64()
	MOVQ(nextRow, below)
	IMULQ(rows, below)

	fetch := func() { PREFETCHT0(operand.Mem{Base: here, Index: below, Scale: 1}) }
	Load(Param("cols"), cols)
	if w.first != nil {
		fetch()
		w.first(operand.Mem{Base: here})
		JMP(operand.LabelRef(at.label("advance")))
	}
	Label(at.label("pixel"))
	fetch()
	w.pixel(operand.Mem{Base: here})
	Label(at.label("advance"))
	ADDQ(nextPixel, here)
	if w.beside != nil {
		w.beside(true)
	}
	DECQ(cols)
	JNZ(operand.LabelRef(at.label("pixel")))
	ADDQ(nextRow, row)
	MOVQ(row, here)
	if w.beside != nil {
		w.beside(false)
	}
	Load(Param("cols"), cols)
	DECQ(rows)
	JNZ(operand.LabelRef(at.label("pixel")))
}

// bytes loads a number of elements as a number of bytes.
func bytes(elements gotypes.Component) reg.Register {
	r := Load(elements, GP64())
	SHLQ(operand.Imm(2), r)
	return r
}

// indices are where the channels of a pixel are in their picture, as MaxForward counts.
// They move with a walk.
type indices struct{ here, row, nextPixel, nextRow reg.VecVirtual }

func newIndices(at lanes, channels string) indices {
	start := Load(Param("first"), GP64())
	ADDQ(at.index, start)
	x := indices{
		here: YMM(), row: broadcastLow(start),
		nextPixel: broadcastLow(Load(Param(channels).Len(), GP64())),
		nextRow:   broadcastLow(Load(Param("stride"), GP64())),
	}
	VPADDD(sequence("lanes", func(lane int) uint32 { return uint32(lane) }), x.row, x.row)
	VMOVDQA(x.row, x.here)
	return x
}

func (x indices) move(pixel bool) {
	if pixel {
		VPADDD(x.nextPixel, x.here, x.here)
	} else {
		VPADDD(x.nextRow, x.row, x.row)
		VMOVDQA(x.row, x.here)
	}
}

func maxWindow() {
	function("maxWindow", "(y []float32, arg []int32, x []float32, rows, cols, stride, first int)")
	each([]string{"y", "x", "arg"}, func(at lanes) {
		index := newIndices(at, "y")
		most, arg := YMM(), YMM()
		walk{
			picture: "x", channels: "y",
			first: func(m operand.Mem) {
				VMOVAPS(at.loadFrom(m), most)
				VMOVDQA(index.here, arg)
			},
			pixel: func(m operand.Mem) {
				v := at.loadFrom(m)
				// Larger or NaN, unless the maximum is NaN already.
				exceeds := and(compare(v, notLessOrEqual, most), compare(most, equal, most))
				VBLENDVPS(exceeds, v, most, most)
				VBLENDVPS(exceeds, index.here, arg, arg)
			},
			beside: index.move,
		}.generate(at)
		at.store(most, "y")
		TESTQ(at.slices["arg"], at.slices["arg"])
		JZ(operand.LabelRef(at.label("stored")))
		at.store(arg, "arg")
		Label(at.label("stored"))
	})
}

func maxWindowBackward() {
	function("maxWindowBackward", "(dx, dy []float32, arg []int32, rows, cols, stride, first int, add bool)")
	each([]string{"dy", "dx", "arg"}, func(at lanes) {
		index, old := newIndices(at, "dy"), addedTo(at)
		dy, arg := at.load("dy"), at.load("arg")
		walk{
			picture: "dx", channels: "dy",
			pixel: func(m operand.Mem) {
				here := YMM()
				VPCMPEQD(arg, index.here, here)
				at.storeTo(add(old(m), and(here, dy)), m)
			},
			beside: index.move,
		}.generate(at)
	})
}

func meanWindow() {
	function("meanWindow", "(y, x []float32, rows, cols, stride int, count float32)")
	count := broadcast("count")
	each([]string{"y", "x"}, func(at lanes) {
		sum := zero()
		walk{
			picture: "x", channels: "y",
			pixel: func(m operand.Mem) { VADDPS(at.loadFrom(m), sum, sum) },
		}.generate(at)
		at.store(div(sum, count), "y")
	})
}

func meanWindowBackward() {
	function("meanWindowBackward", "(dx, dy []float32, rows, cols, stride int, count float32, add bool)")
	count := broadcast("count")
	each([]string{"dy", "dx"}, func(at lanes) {
		old, share := addedTo(at), div(at.load("dy"), count)
		walk{
			picture: "dx", channels: "dy",
			pixel: func(m operand.Mem) { at.storeTo(add(old(m), share), m) },
		}.generate(at)
	})
}

// addedTo loads what a gradient is added to: zeros unless the parameter add is set.
func addedTo(at lanes) func(m operand.Mem) reg.VecVirtual {
	wanted := Load(Param("add"), GP64())
	NEGQ(wanted)
	at.mask = at.inside(broadcastLow(wanted))
	return at.loadFrom
}
