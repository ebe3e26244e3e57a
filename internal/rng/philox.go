package rng

// philox is Philox4x32-10: ten rounds of two 32x32-bit multiplications that
// scramble a counter under a key. For a fixed key it is a bijection, so
// different counters never give the same block, and its output passes the
// BigCrush tests (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers:
// as easy as 1, 2, 3").
//
// The arguments are pairs of words, the first in the low half: counter words 0 and 1,
// counter words 2 and 3, key words 0 and 1. Everything is a scalar, to stay in registers:
// with arrays a block takes almost three times as long.
func philox(low, high, key uint64) (w0, w1, w2, w3 uint32) {
	const (
		multiplier0 = 0xD2511F53
		multiplier1 = 0xCD9E8D57
		weyl0       = 0x9E3779B9 // the golden ratio
		weyl1       = 0xBB67AE85 // sqrt(3) - 1
	)
	w0, w1, w2, w3 = uint32(low), uint32(low>>32), uint32(high), uint32(high>>32)
	k0, k1 := uint32(key), uint32(key>>32)
	for range 10 {
		p0 := multiplier0 * uint64(w0)
		p1 := multiplier1 * uint64(w2)
		w0, w1, w2, w3 = uint32(p1>>32)^w1^k0, uint32(p1), uint32(p0>>32)^w3^k1, uint32(p0)
		k0 += weyl0
		k1 += weyl1
	}
	return w0, w1, w2, w3
}
