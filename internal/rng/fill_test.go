package rng

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Fill gives the elements that Uint32 gives, also where the number of the block or its
// lower half wraps around, and writes nothing else.
func TestFill(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := New(rapid.Int64().Draw(t, "seed"), Dropout, rapid.IntRange(0, 1<<24-1).Draw(t, "layer"),
			rapid.Int64Range(0, 1<<48-1).Draw(t, "step"))
		first := rapid.OneOf(
			rapid.Uint64Range(0, 100),
			rapid.Uint64Range(1<<34-200, 1<<34),
			rapid.Uint64Range(1<<50-200, 1<<50),
			rapid.Uint64(),
		).Draw(t, "first")
		const guard = 0xdeadbeef
		offset, length := rapid.IntRange(0, 7).Draw(t, "offset"), rapid.IntRange(0, 300).Draw(t, "length")
		got := slices.Repeat([]uint32{guard}, offset+length+40)
		want := slices.Clone(got)
		for i := range uint64(length) {
			want[offset+int(i)] = s.Uint32(first + i)
		}
		s.Fill(got[offset:offset+length], first)
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("word %d of %d is %#x, expected %#x", i-offset, length, got[i], want[i])
			}
		}
	})
}

func BenchmarkFill(b *testing.B) {
	s, words := New(1, Dropout, 2, 3), make([]uint32, 1<<12)
	b.SetBytes(int64(len(words) * 4))
	for b.Loop() {
		s.Fill(words, 0)
	}
}
