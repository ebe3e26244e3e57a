//go:build !purego

package kernel

import "github.com/klauspost/cpuid/v2"

//go:generate go -C asm run . -out ../tile_amd64.s -stubs ../tile_amd64_stub.go -pkg kernel

// supported returns what this processor can run, the fastest first.
func supported() []instructions {
	var all []instructions
	if cpuid.CPU.Supports(cpuid.AVX512F) {
		all = append(all, instructions{name: "avx512", tile: tile{rows: 14, cols: 32, multiplyAdd: multiplyAddAVX512}})
	}
	if cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3) {
		all = append(all, instructions{name: "avx2", tile: tile{rows: 6, cols: 16, multiplyAdd: multiplyAddAVX2}})
	}
	return append(all, pureGo)
}
