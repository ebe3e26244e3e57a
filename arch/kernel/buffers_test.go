package kernel

import (
	"testing"

	"pgregory.net/rapid"
)

// TestBuffers holds what kernels say they need against what a fresh pool has after they
// ran: as much, and up to a cache line for the alignment.
func TestBuffers(t *testing.T) {
	check := func(t reporter, isa instructions, c Conv2D, n, threads int) {
		p := NewPool(threads)
		p.isa = isa
		defer p.Close()
		newLayer(c, n, 1).run(p)
		scratch := 0
		for _, w := range p.workers {
			scratch = max(scratch, cap(w.scratch))
		}
		want := c.buffers(&isa, n, threads)
		for _, b := range []struct {
			name      string
			got, want int
		}{
			{"panels", cap(p.panels), want.panels}, {"bias", cap(p.bias), want.bias},
			{"partial", cap(p.partial), want.partial}, {"tables", cap(p.tables), want.tables},
			{"scratch", scratch, want.scratch},
		} {
			if b.got < b.want || b.got > b.want+16 {
				t.Fatalf("%+v, %d examples, %d threads: %s hold %d elements, expected %d to %d",
					c, n, threads, b.name, b.got, b.want, b.want+16)
			}
		}
	}
	eachISA(t, func(t *testing.T, isa instructions) {
		rapid.Check(t, func(t *rapid.T) {
			check(t, isa, drawConv(t), rapid.IntRange(1, 5).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "threads"))
		})
		rapid.Check(t, func(t *rapid.T) {
			d := Dense(rapid.IntRange(1, 300).Draw(t, "in"), rapid.IntRange(1, 300).Draw(t, "out"), Linear)
			check(t, isa, d, rapid.IntRange(1, 700).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "threads"))
		})
		// Several groups whose sums are joined, and bands of a large picture.
		check(t, isa, Conv2D{Window{
			InH: 32, InW: 32, C: 3, OutH: 16, OutW: 16,
			SizeH: 7, SizeW: 7, StrideH: 2, StrideW: 2, PadTop: 2, PadLeft: 2,
		}, 40, Linear}, 20, 2)
	})
}

func TestBuffersBytes(t *testing.T) {
	a, b := Buffers{panels: 5, scratch: 1}, Buffers{panels: 2, bias: 3, tables: 4, scratch: 7}
	if got, want := a.Max(b).Bytes(2), int64(4*(5+3+4+2*7)); got != want {
		t.Errorf("%d bytes, expected %d", got, want)
	}
}
