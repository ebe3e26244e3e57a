package checkpoint

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"
)

// checksumKey is the metadata key of the checksum inside a file. It belongs to
// the file, not to its content: a File has no such key.
const checksumKey = "checksum"

// remedy is what to do about a damaged file.
const remedy = "restore it from a copy or train again"

var checksumForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// checksum is the SHA-256 of all that a file with these tensors, in this order,
// and this metadata says. Before each text stands its length and before each
// list the number of its members, and a shape tells how long the data are, so
// that different content never gives the same bytes to hash. Numbers are 8
// bytes, little-endian, as are the elements in 4.
func checksum(tensors []Tensor, metadata map[string]string) string {
	h := sha256.New()
	number := func(n int) {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
	}
	text := func(s string) {
		number(len(s))
		io.WriteString(h, s)
	}

	number(len(tensors))
	for _, t := range tensors {
		text(t.Name)
		number(len(t.Shape))
		for _, d := range t.Shape {
			number(d)
		}
		h.Write(littleEndian(t.Data))
	}
	number(len(metadata))
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		text(key)
		text(metadata[key])
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// takeChecksum removes the checksum from the metadata of a file that was read,
// and returns it, or "" if there is none.
func takeChecksum(metadata map[string]string) (string, error) {
	if key, found := damagedKey(metadata); found {
		return "", fmt.Errorf("is damaged: its checksum stands under the metadata key %q, expected %q: %s", key, checksumKey, remedy)
	}
	sum, ok := metadata[checksumKey]
	if ok && !checksumForm.MatchString(sum) {
		return "", fmt.Errorf("is damaged, or of another program: its metadata %q is %.100q, expected sha256: and 64 hexadecimal digits: "+
			"%s, or take that metadata out", checksumKey, sum, remedy)
	}
	delete(metadata, checksumKey)
	return sum, nil
}

// damagedKey finds a checksum whose key differs from checksumKey in one
// character. Taken for any other metadata it would let a single flipped bit turn
// the verification off.
func damagedKey(metadata map[string]string) (key string, found bool) {
	expected := []rune(checksumKey)
	for key, value := range metadata {
		if utf8.RuneCountInString(key) != len(expected) || !checksumForm.MatchString(value) {
			continue
		}
		got := []rune(key)
		differ := 0
		for i := range got {
			if got[i] != expected[i] {
				differ++
			}
		}
		if differ == 1 {
			return key, true
		}
	}
	return "", false
}
