// Package checkpoint keeps named float32 tensors in safetensors files: a network's weights, an optimizer's buffers, and
// any text that the caller adds as metadata.
//
// A file written here holds a SHA-256 checksum of its tensors and metadata under a metadata key of its own, and reading
// verifies it: a flipped bit, a changed value or a swapped name is an error. Other programs read the file as any other,
// and their files, which have no checksum, are read here. The checksum finds damage and careless changes, not forgery.
//
// A file is written whole or not at all: a crash leaves the former checkpoint or the new one, never half of either.
// Reading trusts nothing: every size is compared with the limits below and with the file's own length before memory is
// allocated for it.
//
// Format: https://huggingface.co/docs/safetensors (8 bytes of header length, little-endian; a JSON header; the tensors'
// bytes one after another).
package checkpoint

import (
	"fmt"
	"math"
	"unicode/utf8"
)

// Tensor is one named array of float32 in row-major order. The product of Shape is len(Data); an empty Shape is a
// scalar, one element.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// File is the content of one checkpoint. Read returns the tensors in the order of their bytes in the file, and a nil
// Metadata if the file has none.
type File struct {
	Tensors  []Tensor
	Metadata map[string]string
	// Checksummed says that Read found a checksum and verified it. Write ignores it.
	Checksummed bool
}

// Limits on both reading and writing, so that whatever was written can be read. They leave room for networks far larger
// than a CPU trains, and keep a hostile header, which grows some thirty times when it is parsed, near 100 MB.
const (
	maxHeaderBytes = 4 << 20
	maxTensors     = 10_000
	maxNameBytes   = 1000
	maxRank        = 8
	maxDataBytes   = 2 << 30
)

const (
	elementBytes = 4              // of one float32
	metadataKey  = "__metadata__" // reserved by the format inside the header
)

// check returns the first reason why f cannot be written.
func (f File) check() error {
	if len(f.Tensors) > maxTensors {
		return fmt.Errorf("%d tensors, at most %d fit in one checkpoint", len(f.Tensors), maxTensors)
	}
	seen := make(map[string]bool, len(f.Tensors))
	total := 0
	for _, t := range f.Tensors {
		if err := t.check(); err != nil {
			return err
		}
		if seen[t.Name] {
			return fmt.Errorf("tensor %q is given twice, names must differ", t.Name)
		}
		seen[t.Name] = true
		total += len(t.Data) * elementBytes
		if total > maxDataBytes {
			return fmt.Errorf("more than %d bytes of tensors, the most one checkpoint holds", maxDataBytes)
		}
	}
	for key, value := range f.Metadata {
		// JSON would silently replace the bytes that are not UTF-8.
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			return fmt.Errorf("metadata %q is not valid UTF-8", key)
		}
	}
	if _, found := f.Metadata[checksumKey]; found {
		return fmt.Errorf("metadata %q is given, but writing makes it: leave it out", checksumKey)
	}
	// Read would take the file for damaged.
	if key, found := damagedKey(f.Metadata); found {
		return fmt.Errorf("metadata %q holds a checksum and differs from %q in one character: choose another key",
			key, checksumKey)
	}
	return nil
}

// check returns what is wrong with a tensor's name, shape or length.
func (t Tensor) check() error {
	if err := checkName(t.Name); err != nil {
		return err
	}
	size, err := elements(t.Shape)
	if err != nil {
		return fmt.Errorf("tensor %q: %w", t.Name, err)
	}
	if size != len(t.Data) {
		return fmt.Errorf("tensor %q: shape %v means %d elements, its data has %d", t.Name, t.Shape, size, len(t.Data))
	}
	return nil
}

func checkName(name string) error {
	if name == "" || len(name) > maxNameBytes || name == metadataKey || !utf8.ValidString(name) {
		return fmt.Errorf("tensor name %.100q: expected 1 to %d bytes of UTF-8 other than %s",
			name, maxNameBytes, metadataKey)
	}
	return nil
}

// elements returns the number of elements of a tensor of the given shape, whose dimensions may be zero. They are uint64
// in a file and int in memory.
func elements[D int | uint64](shape []D) (int, error) {
	if len(shape) > maxRank {
		return 0, fmt.Errorf("%d dimensions, at most %d are supported", len(shape), maxRank)
	}
	size := uint64(1)
	for _, d := range shape {
		if d < 0 || uint64(d) > math.MaxInt32 {
			return 0, fmt.Errorf("dimension %d is out of range 0 to %d", d, math.MaxInt32)
		}
		// Both factors stay below 2^32, so the product cannot wrap.
		if size *= uint64(d); size > maxDataBytes/elementBytes {
			return 0, fmt.Errorf("shape %v is more than %d bytes, the most one checkpoint holds", shape, maxDataBytes)
		}
	}
	return int(size), nil
}
