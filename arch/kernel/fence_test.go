//go:build unix

package kernel

import (
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// page is a few pages of memory between two that nobody may touch. Slices are placed at
// its start or its end, so that reading or writing beside them is a fault.
type page []byte

const unused = 0xa5 // fills a page outside of its slice

func newPage(t testing.TB) page { return newPages(t, 1) }

func newPages(t testing.TB, count int) page {
	size := syscall.Getpagesize()
	const access, kind = syscall.PROT_READ | syscall.PROT_WRITE, syscall.MAP_ANON | syscall.MAP_PRIVATE
	all, err := syscall.Mmap(-1, 0, (count+2)*size, access, kind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(all) })
	inner := all[size : (count+1)*size]
	for _, fence := range [][]byte{all[:size], all[(count+1)*size:]} {
		if err := syscall.Mprotect(fence, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return page(inner)
}

// place copies data to the end of a page, or to its start.
func place[T float32 | int32 | uint32 | byte](p page, atEnd bool, data []T) []T {
	for i := range p {
		p[i] = unused
	}
	if len(data) == 0 {
		return nil
	}
	bytes, from := len(data)*int(unsafe.Sizeof(data[0])), 0
	if atEnd {
		from = len(p) - bytes
	}
	placed := unsafe.Slice((*T)(unsafe.Pointer(&p[from : from+bytes][0])), len(data))
	copy(placed, data)
	return placed
}

// intact checks that nothing was written to a page beside its slice.
func intact[T any](t reporter, name string, p page, placed []T) {
	t.Helper()
	beside := len(p)
	if len(placed) > 0 {
		beside -= len(placed) * int(unsafe.Sizeof(placed[0]))
	}
	for _, b := range p {
		if b == unused {
			beside--
		}
	}
	if beside > 0 {
		t.Fatalf("%s: %d bytes beside the slice were written", name, beside)
	}
}

// withFaults turns a fault in the test's goroutine into a panic, so that it is reported
// with its case.
func withFaults(t *testing.T) {
	old := debug.SetPanicOnFault(true)
	t.Cleanup(func() { debug.SetPanicOnFault(old) })
}
