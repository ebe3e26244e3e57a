package kernel

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// layer is a convolution with data for it; every buffer of examples has one more than n.
type layer struct {
	Conv2D
	n                int
	x, w, b, dz      []float32
	in, out, weights int // sizes of an example's x and y, and of w
}

func newLayer(c Conv2D, n int, seed uint64) *layer {
	l := &layer{Conv2D: c, n: n}
	l.in, l.out = c.InH*c.InW*c.C, c.OutH*c.OutW*c.OutC
	l.weights = c.window() * c.OutC
	l.x = guarded(random(seed, n*l.in), l.in)
	l.w, l.b = random(seed+1, l.weights), random(seed+2, c.OutC)
	l.dz = guarded(random(seed+3, n*l.out), l.out)
	return l
}

// run returns y, dx, dw and db, with the guards behind y and dx.
func (l *layer) run(p *Pool) (y, dx, dw, db []float32) {
	y, dx = outputs(l.n*l.out, l.out), outputs(l.n*l.in, l.in)
	dw, db = outputs(l.weights, 0), outputs(l.OutC, 0)
	l.Forward(p, l.n, l.x, l.w, l.b, nil, y)
	l.Backward(p, l.n, l.x, l.w, l.dz, dx, dw, db)
	return
}

func (l *layer) check(t reporter, p *Pool) {
	y, dx, dw, db := l.run(p)
	untouched(t, "y", y, l.n*l.out)
	untouched(t, "dx", dx, l.n*l.in)
	y2, dx2 := make([]float32, l.n*l.out), make([]float32, l.n*l.in)
	dw2, db2 := make([]float32, l.weights), make([]float32, l.OutC)
	l.naiveForward(l.n, l.x, l.w, l.b, y2)
	l.naiveBackward(l.n, l.x, l.w, l.dz, dx2, dw2, db2)
	pixels := l.n * l.OutH * l.OutW
	nearSum(t, "y", y, y2, l.window())
	nearSum(t, "dx", dx, dx2, ceil(l.SizeH, l.StrideH)*ceil(l.SizeW, l.StrideW)*l.OutC)
	nearSum(t, "dw", dw, dw2, pixels)
	nearSum(t, "db", db, db2, pixels)
}

func drawConv(t *rapid.T) Conv2D {
	var c Conv2D
	c.InH, c.OutH, c.SizeH, c.StrideH, c.PadTop = direction(t, "height")
	c.InW, c.OutW, c.SizeW, c.StrideW, c.PadLeft = direction(t, "width")
	c.C = rapid.IntRange(1, 5).Draw(t, "in")
	c.OutC = rapid.IntRange(1, 9).Draw(t, "out")
	return c
}

func TestConv2DAgainstNaive(t *testing.T) {
	eachISA(t, func(t *testing.T, isa instructions) {
		p := newPool(t, isa, 2)
		rapid.Check(t, func(t *rapid.T) {
			newLayer(drawConv(t), rapid.IntRange(1, 3).Draw(t, "n"), rapid.Uint64().Draw(t, "seed")).check(t, p)
		})
	})
}

// Sizes that leave a remainder of every tile and none, several groups of windows of every
// form, several blocks of depth, and gradients in several parts.
var wideLayers = []struct {
	name string
	n    int
	conv Conv2D
}{
	{"many channels", 2, Conv2D{Window{
		InH: 5, InW: 4, C: 67, OutH: 5, OutW: 4,
		SizeH: 3, SizeW: 3, StrideH: 1, StrideW: 1, PadTop: 1, PadLeft: 1,
	}, 71, Linear}},
	{"several parts", 9, Conv2D{Window{
		InH: 33, InW: 31, C: 3, OutH: 17, OutW: 16,
		SizeH: 7, SizeW: 7, StrideH: 2, StrideW: 2, PadTop: 3, PadLeft: 3,
	}, 5, Linear}},
	{"1x1 stride 3", 3, Conv2D{Window{
		InH: 8, InW: 10, C: 4, OutH: 3, OutW: 4,
		SizeH: 1, SizeW: 1, StrideH: 3, StrideW: 3,
	}, 6, Linear}},
	{"bands of a picture", 2, Conv2D{Window{
		InH: 40, InW: 41, C: 3, OutH: 40, OutW: 41,
		SizeH: 5, SizeW: 4, StrideH: 1, StrideW: 1, PadTop: 2, PadLeft: 1,
	}, 7, Linear}},
	{"bands without padding", 2, Conv2D{Window{
		InH: 50, InW: 30, C: 2, OutH: 46, OutW: 28,
		SizeH: 5, SizeW: 3, StrideH: 1, StrideW: 1,
	}, 17, Linear}},
	{"whole tiles", 12, Conv2D{Window{
		InH: 8, InW: 8, C: 32, OutH: 8, OutW: 8,
		SizeH: 3, SizeW: 3, StrideH: 1, StrideW: 1, PadTop: 1, PadLeft: 1,
	}, 64, Linear}},
	{"1x1", 4, Conv2D{Window{
		InH: 16, InW: 20, C: 40, OutH: 16, OutW: 20,
		SizeH: 1, SizeW: 1, StrideH: 1, StrideW: 1,
	}, 50, Linear}},
	{"dense", 600, Conv2D{Window{
		InH: 1, InW: 1, C: 33, OutH: 1, OutW: 1,
		SizeH: 1, SizeW: 1, StrideH: 1, StrideW: 1,
	}, 100, Linear}},
	{"deep", 1, Conv2D{Window{
		InH: 5, InW: 5, C: 130, OutH: 3, OutW: 3,
		SizeH: 4, SizeW: 3, StrideH: 2, StrideW: 2, PadTop: 1, PadLeft: 1,
	}, 300, Linear}},
	{"stride beyond the picture", 1, Conv2D{Window{
		InH: 1, InW: 2, C: 2, OutH: 1, OutW: 1,
		SizeH: 2, SizeW: 1, StrideH: 3, StrideW: 3, PadTop: 0,
	}, 2, Linear}},
}

func TestConv2DWide(t *testing.T) {
	for _, test := range wideLayers {
		t.Run(test.name, func(t *testing.T) {
			eachISA(t, func(t *testing.T, isa instructions) {
				newLayer(test.conv, test.n, 1).check(t, newPool(t, isa, 3))
			})
		})
	}
}

func TestConv2DThreads(t *testing.T) {
	for _, test := range wideLayers {
		t.Run(test.name, func(t *testing.T) {
			eachISA(t, func(t *testing.T, isa instructions) {
				l := newLayer(test.conv, test.n, 1)
				sameBits(t, isa, func(p *Pool) [][]float32 {
					y, dx, dw, db := l.run(p)
					return [][]float32{y, dx, dw, db}
				})
			})
		})
	}
}

func TestDenseAgainstNaive(t *testing.T) {
	eachISA(t, func(t *testing.T, isa instructions) {
		p := newPool(t, isa, 2)
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.IntRange(1, 70).Draw(t, "n")
			in, out := rapid.IntRange(1, 140).Draw(t, "in"), rapid.IntRange(1, 140).Draw(t, "out")
			x, w, b := random(1, n*in), random(2, in*out), random(3, out)
			y, expected := outputs(n*out, out), make([]float32, n*out)
			d := Dense(in, out, Linear)
			d.Forward(p, n, x, w, b, nil, y)
			naiveProduct(n, out, in, x, w, b, expected)
			nearSum(t, "y", y, expected, in)
			untouched(t, "y", y, n*out)
		})
	})
}

// The product is deeper than one block, and than two.
func TestDenseDeep(t *testing.T) {
	const n, in, out = 5, 2*depthBlock + 7, 33
	x, w, b := random(1, n*in), random(2, in*out), random(3, out)
	expected := make([]float32, n*out)
	naiveProduct(n, out, in, x, w, b, expected)
	eachISA(t, func(t *testing.T, isa instructions) {
		y := make([]float32, n*out)
		p := newPool(t, isa, 2)
		d := Dense(in, out, Linear)
		d.Forward(p, n, x, w, b, nil, y)
		nearSum(t, "y", y, expected, in)

		rectified := make([]float32, n*out)
		d.Act = ReLU
		d.Forward(p, n, x, w, b, nil, rectified)
		ReLU.Forward(p, y, y)
		if !cmp.Equal(bits(y), bits(rectified)) {
			t.Error("the fused activation differs from the one after the product")
		}
	})
}

// The activation's input is kept where Backward needs it, and the fused activation is that
// of the unfused function.
func TestFusedActivation(t *testing.T) {
	const n, in, out = 17, 9, 35
	x, w, b := random(1, n*in), random(2, in*out), random(3, out)
	z, y, expected := make([]float32, n*out), make([]float32, n*out), make([]float32, n*out)
	p := newPool(t, active, 2)
	linear := Dense(in, out, Linear)
	linear.Forward(p, n, x, w, b, nil, z)
	for a := range Activation(len(activationNames)) {
		fused := Dense(in, out, a)
		var kept []float32
		if a.NeedsInput() {
			kept = make([]float32, n*out)
		}
		fused.Forward(p, n, x, w, b, kept, y)
		a.Forward(p, z, expected)
		near(t, a.String(), y, expected)
		if a.NeedsInput() {
			near(t, a.String()+" input", kept, z)
		}
	}
}

// NaN and infinities show: an input's NaN in all outputs that see it, and a weight's
// infinity even where it meets padding.
func TestConv2DNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	c := Conv2D{Window{
		InH: 4, InW: 4, C: 1, OutH: 4, OutW: 4,
		SizeH: 3, SizeW: 3, StrideH: 1, StrideW: 1, PadTop: 1, PadLeft: 1,
	}, 2, Linear}
	eachISA(t, func(t *testing.T, isa instructions) {
		p := newPool(t, isa, 2)
		l := newLayer(c, 1, 1)
		l.x[0] = nan
		y, _, dw, _ := l.run(p)
		for i, v := range y[:l.out] {
			oy, ox := i/2/4, i/2%4
			if sees := oy <= 1 && ox <= 1; isNaN(v) != sees {
				t.Errorf("NaN at the first pixel: output (%d, %d) is %v", oy, ox, v)
			}
		}
		if !isNaN(dw[(0*3+1)*2]) || isNaN(dw[(2*3+2)*2]) {
			t.Errorf("NaN at the first pixel: dw is %v", dw)
		}

		l = newLayer(c, 1, 1)
		l.w[0] = inf // first tap, first filter: padding for the first pixel
		y, _, _, _ = l.run(p)
		if !isNaN(y[0]) || isNaN(y[1]) {
			t.Errorf("an infinite weight on padding gives %v, expected NaN in the first of two filters", y[:2])
		}

		l = newLayer(c, 1, 1)
		l.dz[0] = nan // output (0, 0), first filter
		_, dx, dw, db := l.run(p)
		for i, v := range dx[:l.in] {
			if sees := i/4 <= 1 && i%4 <= 1; isNaN(v) != sees {
				t.Errorf("NaN in dz: dx (%d, %d) is %v", i/4, i%4, v)
			}
		}
		if !isNaN(dw[0]) || isNaN(dw[1]) || !isNaN(db[0]) || isNaN(db[1]) {
			t.Errorf("NaN in dz: dw is %v, db %v", dw, db)
		}
	})
}

// An empty mini-batch has no gradient.
func TestConv2DEmpty(t *testing.T) {
	for _, test := range wideLayers {
		_, _, dw, db := newLayer(test.conv, 0, 1).run(newPool(t, active, 2))
		for _, v := range append(dw, db...) {
			if v != 0 {
				t.Fatalf("%s: a gradient of nothing is %v", test.name, v)
			}
		}
	}
}
