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
)

// checksumKey is the metadata key of the checksum in a file. A File has no such key.
const checksumKey = "checksum"

// remedy is what to do about a damaged file.
const remedy = "restore it from a copy or train again"

var checksumForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// checksum returns the SHA-256 of the content of a file with these tensors, in this order, and this metadata. A text
// follows its length, a list the number of its members, and a shape gives the length of the data, so that different
// content never gives the same bytes to hash. Numbers are 8 bytes, little-endian; elements are 4.
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

// takeChecksum removes the checksum from the metadata of a file and returns it, or "" if there is none.
func takeChecksum(metadata map[string]string) (string, error) {
	if key, found := damagedKey(metadata); found {
		return "", fmt.Errorf("is damaged: its checksum has the metadata key %q, expected %q: %s",
			key, checksumKey, remedy)
	}
	sum, ok := metadata[checksumKey]
	if ok && !checksumForm.MatchString(sum) {
		return "", fmt.Errorf("is damaged, or another program's: its metadata %q is %.100q, "+
			"expected sha256: and 64 hexadecimal digits: %s, or remove that metadata", checksumKey, sum, remedy)
	}
	delete(metadata, checksumKey)
	return sum, nil
}

// damagedKey finds a checksum whose key differs from checksumKey in one character. If it passed for other metadata, a
// single flipped bit could turn the verification off.
func damagedKey(metadata map[string]string) (key string, found bool) {
	expected := []rune(checksumKey)
	for key, value := range metadata {
		got := []rune(key)
		if len(got) != len(expected) || !checksumForm.MatchString(value) {
			continue
		}
		differ := 0
		for i, char := range got {
			if char != expected[i] {
				differ++
			}
		}
		if differ == 1 {
			return key, true
		}
	}
	return "", false
}
