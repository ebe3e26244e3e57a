//go:build !amd64 || purego

package rng

// fillBlocks fills nothing, since there are no vectors.
func (Stream) fillBlocks([]uint32, uint64) int { return 0 }
