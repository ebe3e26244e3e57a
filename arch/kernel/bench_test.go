package kernel

import (
	"fmt"
	"testing"
)

// flops reports the rate of a benchmark whose iteration has that many
// multiply-adds, and what part it is of the pool's peak, measured here and now.
func flops(b *testing.B, p *Pool, multiplyAdds int) {
	rate := 2 * float64(multiplyAdds) * float64(b.N) / b.Elapsed().Seconds() / 1e9
	b.ReportMetric(rate, "GFLOP/s")
	b.ReportMetric(100*rate/Peak(p), "%peak")
}

// eachPool runs a benchmark with the process's tile, on one and two threads.
func eachPool(b *testing.B, f func(b *testing.B, p *Pool)) {
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("%s/threads=%d", ISA(), threads), func(b *testing.B) { f(b, newPool(b, active, threads)) })
	}
}

// BenchmarkPeak is the limit of a product: see Peak.
func BenchmarkPeak(b *testing.B) {
	eachPool(b, func(b *testing.B, p *Pool) {
		best := 0.0
		for b.Loop() {
			best = max(best, Peak(p))
		}
		b.ReportMetric(best, "GFLOP/s")
	})
}

func BenchmarkProduct(b *testing.B) {
	for _, s := range []struct{ rows, cols, depth int }{{256, 1024, 512}, {16384, 64, 288}, {65536, 32, 147}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.rows, s.cols, s.depth), func(b *testing.B) {
			eachPool(b, func(b *testing.B, p *Pool) {
				d := Dense(s.depth, s.cols, Linear)
				x, w, bias := random(1, s.rows*s.depth), random(2, s.depth*s.cols), random(3, s.cols)
				y := make([]float32, s.rows*s.cols)
				for b.Loop() {
					d.Forward(p, s.rows, x, w, bias, nil, y)
				}
				flops(b, p, s.rows*s.cols*s.depth)
			})
		})
	}
}

// The convolutions of the blog post's network.
var postLayers = []struct {
	name string
	conv Conv2D
}{
	{"32x32x3-7x7x32", Conv2D{Window{
		InH: 32, InW: 32, C: 3, OutH: 16, OutW: 16,
		SizeH: 7, SizeW: 7, StrideH: 2, StrideW: 2, PadTop: 2, PadLeft: 2,
	}, 32, Linear}},
	{"8x8x32-3x3x64", Conv2D{Window{
		InH: 8, InW: 8, C: 32, OutH: 8, OutW: 8,
		SizeH: 3, SizeW: 3, StrideH: 1, StrideW: 1, PadTop: 1, PadLeft: 1,
	}, 64, Linear}},
	{"4x4x64-2x2x128", Conv2D{Window{
		InH: 4, InW: 4, C: 64, OutH: 4, OutW: 4,
		SizeH: 2, SizeW: 2, StrideH: 1, StrideW: 1,
	}, 128, Linear}},
}

func BenchmarkConv2D(b *testing.B) {
	const n = 256
	for _, test := range postLayers {
		l := newLayer(test.conv, n, 1)
		cost := n * l.out * l.window()
		y, dx := make([]float32, n*l.out), make([]float32, n*l.in)
		dw, db := make([]float32, l.weights), make([]float32, l.OutC)
		for _, pass := range []struct {
			name string
			cost int
			run  func(p *Pool)
		}{
			{"forward", cost, func(p *Pool) { l.Forward(p, n, l.x, l.w, l.b, nil, y) }},
			{"filters", cost, func(p *Pool) { l.Backward(p, n, l.x, l.w, l.dz, nil, dw, db) }},
			{"backward", 2 * cost, func(p *Pool) { l.Backward(p, n, l.x, l.w, l.dz, dx, dw, db) }},
		} {
			b.Run(test.name+"/"+pass.name, func(b *testing.B) {
				eachPool(b, func(b *testing.B, p *Pool) {
					b.ReportAllocs()
					for b.Loop() {
						pass.run(p)
					}
					flops(b, p, pass.cost)
				})
			})
		}
	}
}

func BenchmarkActivation(b *testing.B) {
	z, y := random(1, 1<<20), make([]float32, 1<<20)
	p := newPool(b, active, 1)
	for a := range Activation(len(activationNames)) {
		b.Run(a.String()+"/forward", func(b *testing.B) {
			b.SetBytes(4 << 20)
			for b.Loop() {
				a.Forward(p, z, y)
			}
		})
		b.Run(a.String()+"/backward", func(b *testing.B) {
			b.SetBytes(4 << 20)
			for b.Loop() {
				a.Backward(p, z, y, z, y)
			}
		})
	}
}
