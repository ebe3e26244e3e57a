// Package rng draws random numbers that have no state: every number is a
// function of (seed, purpose, layer, step, element).
//
// Resuming a run needs no saved generator, and threads can draw their elements in any
// order and still get the same numbers:
//
//	s := rng.New(seed, rng.Dropout, layer, step)
//	u := s.Float64(17) // always the same number
//
// With a generator that has state, element 17 would depend on how many draws came before
// it. Here the coordinates are packed into the counter of a function like a block cipher,
// Philox4x32-10, keyed by the seed.
//
// All methods of a Stream read the same words: element i of Uint32 and that of Float64
// are dependent. Use one kind of draw for a stream, or disjoint elements.
package rng

import (
	"math"
	"math/bits"
)

// Purpose separates draws that serve different ends. Every run's result depends on the
// values: new purposes go at the end.
type Purpose uint8

const (
	Weights  Purpose = iota + 1 // initial weights of a layer
	Bias                        // initial biases of a layer
	Dropout                     // which activations a step drops
	Shuffle                     // order of the examples in an epoch
	Pictures                    // content of the synthetic dataset
	Sample                      // examples picked for a person to look at
)

// Stream is the endless sequence of one (seed, purpose, layer, step). It is a
// small immutable value, free to copy and safe to share between goroutines.
type Stream struct {
	key       uint64
	low, high uint64 // the counter, with the block's number, its lowest 48 bits, still zero
}

// New returns the stream of a coordinate. Streams of different coordinates share no
// counter as long as layer is below 2^24 and step below 2^48 (both wrap beyond that) and
// at most 2^48 blocks of a stream are read.
func New(seed int64, purpose Purpose, layer int, step int64) Stream {
	// Bits of the counter, lowest first: 48 block, 48 step, 24 layer, 8 purpose.
	return Stream{
		key:  uint64(seed),
		low:  uint64(step) << 48,
		high: uint64(step)>>16&0xffffffff | uint64(layer)&0xffffff<<32 | uint64(purpose)<<56,
	}
}

// Block returns counter block i: elements 4i to 4i+3 of Uint32. Every other method for
// one element computes a whole block.
func (s Stream) Block(i uint64) [4]uint32 {
	w0, w1, w2, w3 := philox(s.low|i&0xffff_ffff_ffff, s.high, s.key)
	return [4]uint32{w0, w1, w2, w3}
}

// Uint32 returns element i, uniform over all 32-bit values.
func (s Stream) Uint32(i uint64) uint32 {
	b := s.Block(i / 4)
	return b[i%4]
}

// Float64 returns element i, uniform over the multiples of 2^-53 in [0, 1).
func (s Stream) Float64(i uint64) float64 {
	return float64(s.uint64(i)>>11) * 0x1p-53
}

// Normal returns element i, normally distributed with mean 0 and standard
// deviation 1. It inverts the distribution function, x = sqrt(2) erfinv(2u-1),
// so that an element costs one draw and the result is monotonic in u; u is
// the middle of one of 2^52 equal cells of (0, 1), which makes the draw
// symmetric and finite (at most 8.2 in magnitude). Processors whose compiler
// fuses multiplications and additions may differ in the last bit.
func (s Stream) Normal(i uint64) float64 {
	cell := float64(s.uint64(i) >> 12)                    // below 2^52
	return math.Sqrt2 * math.Erfinv((2*cell+1)*0x1p-52-1) // the argument is exact
}

// IntN returns element i, an integer in [0, n), n positive. It is the high
// half of a 64-bit draw times n (Lemire 2019, "Fast random integer generation
// in an interval") without the rejection step: no integer's probability is
// off by more than 2^-64.
func (s Stream) IntN(i uint64, n int) int {
	high, _ := bits.Mul64(s.uint64(i), uint64(n))
	return int(high)
}

// Perm fills dst with a random permutation of 0 to len(dst)-1 (Fisher and
// Yates, the "inside-out" form), using elements 1 to len(dst)-1 of IntN.
func (s Stream) Perm(dst []int32) {
	for i := range dst {
		j := s.IntN(uint64(i), i+1)
		dst[i] = dst[j]
		dst[j] = int32(i)
	}
}

// uint64 joins words 2i and 2i+1.
func (s Stream) uint64(i uint64) uint64 {
	w0, w1, w2, w3 := philox(s.low|i/2&0xffff_ffff_ffff, s.high, s.key)
	if i%2 == 0 {
		return uint64(w0) | uint64(w1)<<32
	}
	return uint64(w2) | uint64(w3)<<32
}
