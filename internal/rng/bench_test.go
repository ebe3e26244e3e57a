package rng

import "testing"

func BenchmarkBlock(b *testing.B) {
	s := New(1, Weights, 2, 3)
	b.SetBytes(16)
	var sink uint32
	for i := range uint64(b.N) {
		sink += s.Block(i)[0]
	}
	_ = sink
}

func BenchmarkNormal(b *testing.B) {
	s := New(1, Weights, 2, 3)
	var sink float64
	for i := range uint64(b.N) {
		sink += s.Normal(i)
	}
	_ = sink
}

// BenchmarkPerm shuffles a full epoch of CIFAR-10's training split.
func BenchmarkPerm(b *testing.B) {
	s := New(1, Shuffle, 0, 0)
	dst := make([]int32, 45_000)
	for range b.N {
		s.Perm(dst)
	}
}
