package prepared

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"slices"
)

// The prepared files.
const (
	metaFile       = "meta.json"
	trainFile      = "train.bin"
	validationFile = "validation.bin"
	testFile       = "test.bin"
)

// meta is the content of meta.json.
type meta struct {
	Version     int      `json:"version"`
	Name        string   `json:"name"`
	Shape       [3]int   `json:"shape"` // height, width, channels
	Classes     []string `json:"classes"`
	Train       []int    `json:"train"`      // examples of each batch file
	Validation  []int    `json:"validation"` // examples of each batch file
	Test        int      `json:"test"`
	Fingerprint string   `json:"fingerprint"` // SHA-256 over the rest, as hash begins it, and the files
}

// hash begins the fingerprint with the content of meta.json. The contents of train.bin, validation.bin and test.bin
// follow, in this order.
func (m meta) hash() hash.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %v %v %v %d\n", m.Name, m.Version, m.Shape, m.Train, m.Validation, m.Test)
	return h
}

// maxExamples bounds the number of examples of a batch file.
const maxExamples = 1 << 30

// check compares meta.json with the dataset's description.
func (m meta) check(about Description) error {
	switch {
	case m.Version != about.version():
		return fmt.Errorf("prepared by another version of the program: expected format %d, got %d",
			about.version(), m.Version)
	case m.Name != about.Name, m.Shape != about.Shape, !slices.Equal(m.Classes, about.Classes),
		len(m.Train) != about.BatchFiles, len(m.Validation) != about.BatchFiles:
		return fmt.Errorf("does not describe the dataset %s", about.Name)
	case len(m.Fingerprint) != hex.EncodedLen(sha256.Size):
		return errors.New("damaged: no fingerprint")
	}
	for _, n := range slices.Concat(m.Train, m.Validation, []int{m.Test}) {
		if n < 0 || n > maxExamples {
			return fmt.Errorf("damaged: %d examples in a batch file", n)
		}
	}
	if slices.Contains(m.Train, 0) || m.Test == 0 {
		return errors.New("damaged: a batch file without examples")
	}
	return nil
}
