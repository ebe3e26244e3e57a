//go:build unix

package kernel

import "testing"

// eachVector benchmarks a loop that reads and writes so many bytes, with the process's
// instruction set and with plain Go.
func eachVector(b *testing.B, name string, bytes int, f func(v *vector)) {
	for _, isa := range []instructions{active, pureGo} {
		b.Run(name+"/"+isa.name, func(b *testing.B) {
			b.SetBytes(int64(bytes))
			for b.Loop() {
				f(&isa.vector)
			}
		})
	}
}

// The loops on data in the second-level cache.
func BenchmarkVector(b *testing.B) {
	const length = 1 << 14
	numbers := []float32{1e-3, 0.9, 0.9, 0.1, 0.5, 0.5, 1e-8, 0, 0}
	var data [][]float32
	for i := range 4 {
		data = append(data, random(uint64(i), length))
	}
	for _, test := range elementwises() {
		eachVector(b, test.name, test.slices*length*4, func(v *vector) { test.run(v, data[:test.slices], numbers) })
	}

	dst, src := data[0], data[1]
	words, kept, pixels := make([]uint32, length), make([]byte, length/8), make([]byte, length)
	for i := range words {
		words[i] = uint32(i) * 0x9e3779b9
	}
	eachVector(b, "dropout", 12*length, func(v *vector) { v.dropout(dst, src, words, kept, 1<<31, 2) })
	eachVector(b, "dropoutBackward", 8*length, func(v *vector) { v.dropoutBackward(dst, src, kept, 2) })
	eachVector(b, "normalize", 5*length, func(v *vector) { v.normalize(dst, pixels) })
	eachVector(b, "maximum", 4*length, func(v *vector) { v.maximum(src) })
	eachVector(b, "exponentials", 8*length, func(v *vector) { v.exponentials(dst, src, 5) })
	for _, test := range []struct {
		name  string
		width int
	}{{"sumRows/10", 10}, {"sumRows/32", 32}, {"sumRows/1024", 1024}} {
		sums, few := make([]float32, test.width), make([]float32, test.width)
		rows := length / test.width
		eachVector(b, test.name, 4*rows*test.width, func(v *vector) { v.sumRows(sums, src[:rows*test.width], few) })
	}
}

// The pooling layers of the post's network, on a mini-batch in memory.
func BenchmarkWindow(b *testing.B) {
	const n = 256
	for _, test := range []struct {
		name   string
		window Pool2D
	}{
		{"16x16x32", Pool2D{Window{InH: 16, InW: 16, C: 32, OutH: 8, OutW: 8, SizeH: 2, SizeW: 2, StrideH: 2, StrideW: 2}}},
		{"8x8x64", Pool2D{Window{InH: 8, InW: 8, C: 64, OutH: 4, OutW: 4, SizeH: 2, SizeW: 2, StrideH: 2, StrideW: 2}}},
		{"overlapping", Pool2D{Window{
			InH: 16, InW: 16, C: 32, OutH: 8, OutW: 8, SizeH: 3, SizeW: 3, StrideH: 2, StrideW: 2,
		}}},
	} {
		g := test.window
		x, y := random(1, n*g.InH*g.InW*g.C), make([]float32, n*g.OutH*g.OutW*g.C)
		dx, arg := make([]float32, len(x)), make([]int32, len(y))
		for _, isa := range []instructions{active, pureGo} {
			p := newPool(b, isa, 1)
			for _, pass := range []struct {
				name  string
				bytes int
				run   func()
			}{
				{"max", 4 * (len(x) + 2*len(y)), func() { g.MaxForward(p, n, x, y, arg) }},
				{"max-only", 4 * (len(x) + len(y)), func() { g.MaxForward(p, n, x, y, nil) }},
				{"max-backward", 4 * (len(x) + 2*len(y)), func() { g.MaxBackward(p, n, y, arg, dx) }},
				{"mean", 4 * (len(x) + len(y)), func() { g.AvgForward(p, n, x, y) }},
				{"mean-backward", 4 * (len(x) + len(y)), func() { g.AvgBackward(p, n, y, dx) }},
			} {
				b.Run(test.name+"/"+pass.name+"/"+isa.name, func(b *testing.B) {
					b.SetBytes(int64(pass.bytes))
					b.ReportAllocs()
					for b.Loop() {
						pass.run()
					}
				})
			}
		}
	}
}
