//go:build unix

package kernel

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A tile reads and writes what its call says and nothing else, and gives the plain
// product.
func TestTileFenced(t *testing.T) {
	aPage, bPage, cPage := newPages(t, 4), newPages(t, 4), newPages(t, 4)
	biasPage, rowPage, stepPage := newPage(t), newPage(t), newPage(t)
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		rapid.Check(t, func(t *rapid.T) {
			r := drawSeed(t)
			atEnd := func(name string) bool { return rapid.Bool().Draw(t, name+" at the end") }
			tl := rapid.SampledFrom([]*tile{&isa.wide, &isa.narrow}).Draw(t, "tile")
			depth := rapid.IntRange(1, 120).Draw(t, "depth")
			cRow := tl.cols + rapid.IntRange(0, 9).Draw(t, "space between rows")
			call := &tileCall{cRow: cRow, relu: rapid.Bool().Draw(t, "relu"), ahead: rapid.IntRange(0, 1<<20).Draw(t, "ahead")}
			const floats = 4000
			rows := make([]int32, rapid.IntRange(1, 3).Draw(t, "tiles")*tl.rows)
			steps := make([]int32, depth)
			for i := range rows {
				rows[i] = int32(r.IntN(floats / 2))
			}
			for i := range steps {
				steps[i] = int32(r.IntN(floats/2 + 1))
			}
			rows[0], steps[0] = floats/2-1, floats/2 // the last element
			call.rows = place(rowPage, atEnd("rows"), rows)
			call.steps = place(stepPage, atEnd("steps"), steps)
			call.a = place(aPage, atEnd("a"), random(r.Uint64(), floats))
			call.b = place(bPage, atEnd("b"), random(r.Uint64(), depth*tl.cols))
			c := random(r.Uint64(), (len(rows)-1)*cRow+tl.cols)
			call.c = place(cPage, atEnd("c"), c)
			if rapid.Bool().Draw(t, "bias") {
				call.bias = place(biasPage, atEnd("bias"), random(r.Uint64(), tl.cols))
			}
			expected := slices.Clone(c)
			for i := range rows {
				for j := range tl.cols {
					sum := float64(c[i*cRow+j])
					if call.bias != nil {
						sum = float64(call.bias[j])
					}
					for l, step := range steps {
						sum += float64(call.a[rows[i]+step]) * float64(call.b[l*tl.cols+j])
					}
					if call.relu {
						sum = max(sum, 0)
					}
					expected[i*cRow+j] = float32(sum)
				}
			}
			tl.multiplyAdd(call)
			nearSum(t, "c", call.c, expected, depth)
			intact(t, "c", cPage, call.c)
		})
	})
}

// Convolutions read and write their buffers and nothing else, and give the same bits with
// any number of threads. A fault in a worker ends the process.
func TestConv2DFenced(t *testing.T) {
	const pageCount = 32
	pages := make([]page, 9)
	for i := range pages {
		pages[i] = newPages(t, pageCount)
	}
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		var pools []*Pool
		for _, threads := range threadCounts {
			pools = append(pools, newPool(t, isa, threads))
		}
		rapid.Check(t, func(t *rapid.T) {
			c, n := drawConv(t), rapid.IntRange(1, 3).Draw(t, "n")
			if rapid.IntRange(0, 3).Draw(t, "wide") == 0 { // several panels and strips, as far as the pages hold them
				const floats = pageCount * 1000
				c.C = min(rapid.IntRange(1, 40).Draw(t, "wide in"), max(1, floats/(n*c.InH*c.InW)))
				most := max(1, floats/max(c.SizeH*c.SizeW*c.C, n*c.OutH*c.OutW))
				c.OutC = min(rapid.IntRange(9, 70).Draw(t, "wide out"), most)
			}
			l := newLayer(c, n, rapid.Uint64().Draw(t, "seed"))
			l.Act = rapid.SampledFrom([]Activation{Linear, ReLU, GELU}).Draw(t, "activation")
			atEnd := rapid.SliceOfN(rapid.Bool(), len(pages), len(pages)).Draw(t, "at the end")
			x, dz := l.x[:l.n*l.in], l.dz[:l.n*l.out]
			var expected [][]uint32
			for _, p := range pools {
				next := 0
				fence := func(data []float32) []float32 {
					placed := place(pages[next], atEnd[next], data)
					next++
					return placed
				}
				x, w, b, dz := fence(x), fence(l.w), fence(l.b), fence(dz)
				z, y := fence(make([]float32, len(dz))), fence(make([]float32, len(dz)))
				dx, dw, db := fence(make([]float32, len(x))), fence(make([]float32, len(w))), fence(make([]float32, len(b)))
				l.Forward(p, l.n, x, w, b, z, y)
				l.Backward(p, l.n, x, w, dz, dx, dw, db)
				var received [][]uint32
				for i, placed := range [][]float32{x, w, b, dz, z, y, dx, dw, db} {
					intact(t, "a buffer", pages[i], placed)
					received = append(received, bits(placed))
				}
				if expected == nil {
					expected = received
				} else if !slices.EqualFunc(expected, received, slices.Equal[[]uint32]) {
					t.Fatalf("%d threads give other bits than one", p.Threads())
				}
			}
		})
	})
}
