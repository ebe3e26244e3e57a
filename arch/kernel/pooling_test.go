package kernel

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func drawPool(t *rapid.T) Pool2D {
	var g Pool2D
	g.InH, g.OutH, g.SizeH, g.StrideH, g.PadTop = direction(t, "height")
	g.InW, g.OutW, g.SizeW, g.StrideW, g.PadLeft = direction(t, "width")
	g.C = rapid.IntRange(1, 20).Draw(t, "channels")
	if rapid.Bool().Draw(t, "tiled") {
		g.InH, g.StrideH, g.PadTop = tiles(t, g.OutH, g.SizeH)
		g.InW, g.StrideW, g.PadLeft = tiles(t, g.OutW, g.SizeW)
	}
	return g
}

// tiles draws one direction of a picture whose pixels are each in one window.
func tiles(t *rapid.T, out, pool int) (in, stride, before int) {
	cut := rapid.IntRange(0, pool-1).Draw(t, "padding")
	return out*pool - cut, pool, cut / 2
}

func TestPoolingAgainstNaive(t *testing.T) {
	p := newPool(t, active, 2)
	rapid.Check(t, func(t *rapid.T) {
		g, n := drawPool(t), rapid.IntRange(1, 3).Draw(t, "n")
		in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
		seed := rapid.Uint64().Draw(t, "seed")
		x, dy := guarded(random(seed, n*in), in), guarded(random(seed+1, n*out), out)
		for i := range x[:n*in] { // ties, and now and then a NaN
			x[i] = float32(math.Trunc(float64(2 * x[i])))
			if x[i] == 5 {
				x[i] = float32(math.NaN())
			}
		}
		y, dx, arg := outputs(n*out, out), outputs(n*in, in), make([]int32, n*out+1)
		y2, dx2, arg2 := make([]float32, n*out), make([]float32, n*in), make([]int32, n*out+1)
		arg[n*out], arg2[n*out] = -7, -7

		g.MaxForward(p, n, x, y, arg)
		g.MaxBackward(p, n, dy, arg, dx)
		g.naiveMax(n, x, dy, y2, dx2, arg2)
		if d := cmp.Diff(arg2, arg); d != "" {
			t.Fatalf("maxima: %s", d)
		}
		if !cmp.Equal(bits(y2), bits(y[:n*out])) {
			t.Fatalf("maxima are %v, expected %v", y, y2)
		}
		clear(y2)
		g.MaxForward(p, n, x, y2, nil)
		if !cmp.Equal(bits(y2), bits(y[:n*out])) {
			t.Fatalf("maxima without arg are %v, expected %v", y2, y)
		}
		near(t, "max dx", dx, dx2)
		untouched(t, "max y", y, n*out)
		untouched(t, "max dx", dx, n*in)

		copy(x, random(seed, n*in))
		g.AvgForward(p, n, x, y)
		g.AvgBackward(p, n, dy, dx)
		g.naiveAvg(n, x, dy, y2, dx2)
		near(t, "avg y", y, y2)
		near(t, "avg dx", dx, dx2)
		untouched(t, "avg y", y, n*out)
		untouched(t, "avg dx", dx, n*in)
	})
}

func TestMaxNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	g := Pool2D{Window{InH: 1, InW: 4, C: 1, OutH: 1, OutW: 1, SizeH: 1, SizeW: 4, StrideH: 1, StrideW: 1}}
	p := newPool(t, active, 1)
	for _, test := range []struct {
		name string
		x    []float32
		arg  int32
	}{
		{"first of equal", []float32{1, 3, 3, 2}, 1},
		{"NaN wins", []float32{1, nan, 3, inf}, 1},
		{"first NaN", []float32{nan, 9, nan, 1}, 0},
		{"infinity", []float32{1, inf, inf, 2}, 1},
		{"all minus infinity", []float32{-inf, -inf, -inf, -inf}, 0},
		{"minus zero first", []float32{float32(math.Copysign(0, -1)), 0, 0, 0}, 0},
	} {
		y, dx, arg := make([]float32, 1), make([]float32, 4), make([]int32, 1)
		g.MaxForward(p, 1, test.x, y, arg)
		g.MaxBackward(p, 1, []float32{5}, arg, dx)
		expected := make([]float32, 4)
		expected[test.arg] = 5
		if arg[0] != test.arg || math.Float32bits(y[0]) != math.Float32bits(test.x[test.arg]) {
			t.Errorf("%s: received %v at %d, expected index %d", test.name, y[0], arg[0], test.arg)
		}
		if d := cmp.Diff(expected, dx); d != "" {
			t.Errorf("%s: dx: %s", test.name, d)
		}
	}
}

// A window over the whole picture.
func TestGlobalAvg(t *testing.T) {
	const n, area, channels = 3, 5 * 7, 7
	g := Pool2D{Window{InH: 5, InW: 7, C: channels, OutH: 1, OutW: 1, SizeH: 5, SizeW: 7, StrideH: 5, StrideW: 7}}
	p := newPool(t, active, 2)
	x, dy := random(1, n*area*channels), random(2, n*channels)
	y, dx := outputs(n*channels, channels), outputs(n*area*channels, 9)
	g.AvgForward(p, n, x, y)
	g.AvgBackward(p, n, dy, dx)
	expectedY, expectedX := make([]float32, n*channels), make([]float32, n*area*channels)
	for i := range expectedX {
		at := i/(area*channels)*channels + i%channels
		expectedY[at] += x[i] / area
		expectedX[i] = dy[at] / area
	}
	near(t, "y", y, expectedY)
	near(t, "dx", dx, expectedX)
	untouched(t, "y", y, n*channels)
	untouched(t, "dx", dx, n*area*channels)
}

func TestPoolingThreads(t *testing.T) {
	g := Pool2D{Window{
		InH: 9, InW: 7, C: 5, OutH: 5, OutW: 4,
		SizeH: 3, SizeW: 3, StrideH: 2, StrideW: 2, PadTop: 1, PadLeft: 1,
	}}
	const n = 20
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	x, dy := random(1, n*in), random(2, n*out)
	sameBits(t, active, func(p *Pool) [][]float32 {
		most, mean, arg := make([]float32, n*out), make([]float32, n*out), make([]int32, n*out)
		dmost, dmean := make([]float32, n*in), make([]float32, n*in)
		g.MaxForward(p, n, x, most, arg)
		g.MaxBackward(p, n, dy, arg, dmost)
		g.AvgForward(p, n, x, mean)
		g.AvgBackward(p, n, dy, dmean)
		return [][]float32{most, mean, dmost, dmean}
	})
}
