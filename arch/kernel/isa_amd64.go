//go:build !purego

package kernel

import "github.com/klauspost/cpuid/v2"

//go:generate go -C asm run ./tile -out ../tile_amd64.s
//go:generate go -C asm run ./pause -out ../pause_amd64.s

//go:noescape
func multiplyAddAVX512x8x32(call *tileCall)

//go:noescape
func multiplyAddAVX512x8x16(call *tileCall)

//go:noescape
func multiplyAddAVX2x6x16(call *tileCall)

//go:noescape
func multiplyAddAVX2x6x8(call *tileCall)

// patience is how often a worker looks for its turn before it sleeps: some hundred
// microseconds, longer than the gap between two tasks of a step. A pause takes 10 to
// 150 cycles.
const patience = 10_000

// pause lets the processor rest for a moment.
func pause()

// supported returns what this processor can run, the fastest first.
func supported() []instructions {
	var all []instructions
	if cpuid.CPU.Supports(cpuid.AVX512F, cpuid.AVX512DQ, cpuid.AVX2, cpuid.FMA3) {
		all = append(all, instructions{
			name:   "avx512",
			wide:   tile{rows: 8, cols: 32, multiplyAdd: multiplyAddAVX512x8x32},
			narrow: tile{rows: 8, cols: 16, multiplyAdd: multiplyAddAVX512x8x16},
			vector: avx2Vector,
		})
	}
	if cpuid.CPU.Supports(cpuid.AVX2, cpuid.FMA3) {
		all = append(all, instructions{
			name:   "avx2",
			wide:   tile{rows: 6, cols: 16, multiplyAdd: multiplyAddAVX2x6x16},
			narrow: tile{rows: 6, cols: 8, multiplyAdd: multiplyAddAVX2x6x8},
			vector: avx2Vector,
		})
	}
	return append(all, pureGo)
}
