//go:build !purego

package kernel

import "github.com/klauspost/cpuid/v2"

//go:generate go -C asm run . -out ../tile_amd64.s -stubs ../tile_amd64_stub.go -pkg kernel

// supportedTiles returns what this processor can run, the fastest first.
func supportedTiles() []tile {
	var tiles []tile
	if cpuid.CPU.Supports(cpuid.AVX512F) {
		tiles = append(tiles, tile{isa: "avx512", rows: 14, cols: 32, multiplyAdd: multiplyAddAVX512})
	}
	if cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3) {
		tiles = append(tiles, tile{isa: "avx2", rows: 6, cols: 16, multiplyAdd: multiplyAddAVX2})
	}
	return append(tiles, goTile)
}
