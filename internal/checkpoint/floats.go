package checkpoint

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unsafe"
)

// bigEndian says that numbers lie in this machine's memory the other way round
// than in a file.
var bigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

// memory is the bytes of data as they lie in memory, not a copy of them. On the
// little-endian machines that this runs on, a file holds the same bytes, and
// converting elements one by one would take longer than writing them.
func memory(data []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(data))), len(data)*elementBytes)
}

// littleEndian is the bytes of data as they are in a file. They may be data's own
// memory: they are only to be read.
func littleEndian(data []float32) []byte {
	raw := memory(data)
	if bigEndian {
		raw = bytes.Clone(raw)
		turn(raw)
	}
	return raw
}

// turn reverses the bytes of each element.
func turn(raw []byte) {
	for element := range slices.Chunk(raw, elementBytes) {
		slices.Reverse(element)
	}
}
