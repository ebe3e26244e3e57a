package kernel

import (
	"math"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
)

func TestChooseISA(t *testing.T) {
	for _, expected := range supported() {
		isa, err := choose(expected.name)
		if err != nil || isa.name != expected.name {
			t.Errorf("RUNNER_ISA=%s gives %s, %v", expected.name, isa.name, err)
		}
	}
	if got, err := choose(""); err != nil || got.name != supported()[0].name {
		t.Errorf("without RUNNER_ISA: %s, %v", got.name, err)
	}
	_, err := choose("mmx")
	if err == nil || !strings.Contains(err.Error(), `received "mmx"`) || !strings.Contains(err.Error(), "purego") {
		t.Errorf("RUNNER_ISA=mmx: the error is %v, expected the value and the choices", err)
	}
}

// Instruction sets with fused multiply-adds give the same bits: every sum has one order.
func TestISAsAgree(t *testing.T) {
	var fused []instructions // plain Go rounds twice where the others round once
	for _, isa := range supported() {
		if isa.name != pureGo.name {
			fused = append(fused, isa)
		}
	}
	if len(fused) < 2 {
		t.Skip("this processor has less than two of them")
	}
	for _, test := range wideLayers {
		var expected []uint32
		for _, isa := range fused {
			y, dx, dw, db := newLayer(test.conv, test.n, 1).run(newPool(t, isa, 2))
			received := bits(slices.Concat(y, dx, dw, db))
			if expected == nil {
				expected = received
			} else if !cmp.Equal(expected, received) {
				t.Errorf("%s: %s differs from %s", test.name, isa.name, fused[0].name)
			}
		}
	}
}

// The assembly knows where the fields of a call are: see asm/tile.
func TestTileCallLayout(t *testing.T) {
	var c tileCall
	got := []uintptr{
		unsafe.Offsetof(c.a), unsafe.Offsetof(c.rows), unsafe.Offsetof(c.steps), unsafe.Offsetof(c.b), unsafe.Offsetof(c.c),
		unsafe.Offsetof(c.cRow), unsafe.Offsetof(c.bias), unsafe.Offsetof(c.ahead), unsafe.Offsetof(c.relu),
	}
	if d := cmp.Diff([]uintptr{0, 24, 48, 72, 96, 120, 128, 152, 160}, got); d != "" {
		t.Errorf("offsets of tileCall (-assembly +Go):\n%s", d)
	}
}

// A tile's ReLU keeps NaN and turns -0 into 0, as the activation does.
func TestTileReLU(t *testing.T) {
	nan, inf, minusZero := float32(math.NaN()), float32(math.Inf(1)), float32(math.Copysign(0, -1))
	starts := []float32{nan, minusZero, -1, 2, inf, -inf}
	eachISA(t, func(t *testing.T, isa instructions) {
		for _, tl := range []tile{isa.wide, isa.narrow} {
			bias, c := make([]float32, tl.cols), make([]float32, tl.rows*tl.cols)
			for i := range bias {
				bias[i] = starts[i%len(starts)]
			}
			expected := make([]float32, tl.cols)
			isa.vector.forward[ReLU](expected, bias)
			// The product is -0*1, which changes no start.
			minus := []float32{float32(math.Copysign(0, -1))}
			ones := make([]float32, tl.cols)
			for i := range ones {
				ones[i] = 1
			}
			tl.multiplyAdd(&tileCall{
				a: minus, rows: make([]int32, tl.rows), steps: []int32{0}, b: ones,
				c: c, cRow: tl.cols, bias: bias, relu: true,
			})
			for row := range tl.rows {
				if d := cmp.Diff(bits(expected), bits(c[row*tl.cols:][:tl.cols])); d != "" {
					t.Errorf("%dx%d, row %d (-expected +got):\n%s", tl.rows, tl.cols, row, d)
				}
			}
		}
	})
}
