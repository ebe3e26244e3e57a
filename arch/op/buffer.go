package op

import "unsafe"

// line is the size of a cache line in bytes. Every buffer begins on one.
const line = 64

// Buffer is memory that operations of a graph work on. It is only a size until [Bind]
// gives it a place: in the arena that a [Plan] lays out or, if no operation lists it
// among those it uses, of its own. The nil Buffer is no memory.
type Buffer struct {
	bytes  int
	over   []*Buffer // this one may take the place of any of them, see inPlaceOf
	memory []byte
}

// newBuffer returns a buffer of that many float32 or int32.
func newBuffer(elements int) *Buffer { return &Buffer{bytes: 4 * elements} }

// inPlaceOf allows b to lie where one of the others lies, and returns b: the operation
// that first writes b reads the others element by element. The plan takes the first of
// them that nothing needs afterwards.
func (b *Buffer) inPlaceOf(others ...*Buffer) *Buffer {
	b.over = others
	return b
}

// floats returns the buffer as float32, nil where it has no memory.
func (b *Buffer) floats() []float32 { return elements[float32](b) }

// ints returns the buffer as int32, nil where it has no memory.
func (b *Buffer) ints() []int32 { return elements[int32](b) }

func elements[T float32 | int32](b *Buffer) []T {
	if b == nil || b.memory == nil {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b.memory))), len(b.memory)/4)
}

// aligned returns zeroed memory that begins on a cache line.
func aligned(bytes int) []byte {
	memory := make([]byte, bytes+line)
	skip := -uintptr(unsafe.Pointer(unsafe.SliceData(memory))) % line
	return memory[skip:][:bytes:bytes]
}
