//go:build !purego

package rng

import "github.com/klauspost/cpuid/v2"

//go:generate go -C asm run . -out ../philox_amd64.s -stubs ../philox_amd64_stub.go -pkg rng

var hasAVX2 = cpuid.CPU.Supports(cpuid.AVX2)

// fillBlocks fills the start of dst with the words of consecutive blocks, as many as fill
// whole vectors, and returns the number of words.
func (s Stream) fillBlocks(dst []uint32, block uint64) int {
	const together = 32
	words := len(dst) / together * together
	if words == 0 || !hasAVX2 {
		return 0
	}
	philoxAVX2(dst[:words], block, s.low, s.high, s.key)
	return words
}
