package checkpoint

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unsafe"
)

// bigEndian says that this machine's byte order is not that of a file.
var bigEndian = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

// memory returns the bytes of data in memory, not a copy. On a little-endian machine they are those of a file, and
// converting the elements one by one would take longer than writing them.
func memory(data []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(data))), len(data)*elementBytes)
}

// littleEndian returns the bytes of data in a file, which may be data's own memory: they are only to be read.
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
