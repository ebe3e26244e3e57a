package rng

// Fill sets dst[i] to element first+i of Uint32, as fast as the processor can.
func (s Stream) Fill(dst []uint32, first uint64) {
	for ; len(dst) > 0 && first%4 != 0; first++ {
		dst[0] = s.Uint32(first)
		dst = dst[1:]
	}
	block := first / 4
	filled := s.fillBlocks(dst, block)
	for block += uint64(filled / 4); filled < len(dst); block++ {
		words := s.Block(block)
		filled += copy(dst[filled:], words[:])
	}
}
