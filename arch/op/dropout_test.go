package op

import (
	"math"
	"slices"
	"testing"

	"runner/arch/kernel"
	"runner/internal/rng"
)

// TestDropout holds both passes against the draws of their elements, one by one,
// with a last, shorter mini-batch.
func TestDropout(t *testing.T) {
	pool := kernel.NewPool(2)
	defer pool.Close()
	const size, n, perExample, rate, layer = 5, 4, 3333, 0.25, 6
	b := &Batch{Pool: pool, Size: size, N: n, Seed: 3, Step: 17}
	x, y, dx := make([]float32, size*perExample), make([]float32, size*perExample), make([]float32, size*perExample)
	for i := range x {
		x[i], y[i], dx[i] = float32(i+1), -1, -1
	}
	l := Dropout(size, rate, layer, perExample)
	// Without memory for a backward pass the outputs are the same.
	l.Forward(b, Pass{X: x, Y: y})
	alone := slices.Clone(y)
	kept := l.Kept
	kept.memory = aligned(kept.bytes)
	l.Forward(b, Pass{X: x, Y: y})
	if !slices.Equal(alone, y) {
		t.Error("dropout that keeps nothing gives other outputs")
	}
	l.Backward(b, Pass{DY: x, DX: dx})
	stream := rng.New(b.Seed, rng.Dropout, layer, b.Step)
	for i, v := range x {
		want := v / (1 - rate)
		switch {
		case i >= n*perExample:
			want = -1 // past the live examples
		case stream.Uint32(uint64(i)) < 1<<30:
			want = 0
		}
		if math.Abs(float64(y[i]-want)) > 1e-6*float64(v) || dx[i] != y[i] {
			t.Fatalf("element %d is %v and its gradient %v, expected %v", i, y[i], dx[i], want)
		}
	}
}

// BenchmarkDropout is the two dropout layers of the blog post's network.
func BenchmarkDropout(b *testing.B) {
	pool := kernel.NewPool(1)
	defer pool.Close()
	const size, perExample = 256, 512 + 1024
	batch := &Batch{Pool: pool, Size: size, N: size}
	x, y := make([]float32, size*perExample), make([]float32, size*perExample)
	l := Dropout(size, 0.5, 0, perExample)
	kept := l.Kept
	kept.memory = aligned(kept.bytes)
	b.Run("forward", func(b *testing.B) {
		b.SetBytes(int64(8 * len(x)))
		b.ReportAllocs()
		for b.Loop() {
			l.Forward(batch, Pass{X: x, Y: y})
		}
	})
	b.Run("backward", func(b *testing.B) {
		b.SetBytes(int64(8 * len(x)))
		b.ReportAllocs()
		for b.Loop() {
			l.Backward(batch, Pass{DY: y, DX: x})
		}
	})
}
