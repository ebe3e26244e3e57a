package data

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// version is that of the prepared files' format.
const version = 1

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

// hash begins the fingerprint with what meta.json says. The content of
// train.bin, validation.bin and test.bin follows, in this order.
func (m meta) hash() hash.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %v %v %v %d\n", m.Name, m.Version, m.Shape, m.Train, m.Validation, m.Test)
	return h
}

// builder collects batch files, which may come in any order, in a folder and
// then makes the prepared files of them.
type builder struct {
	kind   Kind
	dir    string
	counts map[int]int // examples of each batch, by its number
}

// add writes the examples of a batch file. pixels: (len(labels), height, width,
// channels).
func (b *builder) add(batch int, labels, pixels []byte) (err error) {
	if _, again := b.counts[batch]; again {
		return fmt.Errorf("%s is there twice", b.batchName(batch))
	}
	if len(labels) == 0 || len(pixels) != len(labels)*b.kind.pixels() {
		return fmt.Errorf("%s has %d labels and %d bytes of pixels: expected %d bytes for each label",
			b.batchName(batch), len(labels), len(pixels), b.kind.pixels())
	}
	f, err := os.Create(b.batchFile(batch))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<16)
	size := b.kind.pixels()
	for i, label := range labels {
		if int(label) >= len(b.kind.Classes) {
			return fmt.Errorf("%s: label %d of example %d: expected 0 to %d",
				b.batchName(batch), label, i, len(b.kind.Classes)-1)
		}
		if err := w.WriteByte(label); err != nil {
			return err
		}
		if _, err := w.Write(pixels[i*size : (i+1)*size]); err != nil {
			return err
		}
	}
	b.counts[batch] = len(labels)
	return w.Flush()
}

// finish makes the splits and, last, meta.json, all on disk.
func (b *builder) finish() error {
	m := meta{
		Version: version, Name: b.kind.Name, Classes: b.kind.Classes,
		Shape: [3]int{b.kind.Height, b.kind.Width, b.kind.Channels},
	}
	most := 0
	for _, n := range b.counts {
		most = max(most, n)
	}
	var train, validation []piece
	for batch := 1; batch <= b.kind.testBatch(); batch++ {
		n, ok := b.counts[batch]
		if !ok {
			return fmt.Errorf("%s is missing", b.batchName(batch))
		}
		if n != most { // a file cut off between two examples shows nothing else
			return fmt.Errorf("%s has %d examples, expected %d as in the others: it is truncated", b.batchName(batch), n, most)
		}
		if batch == b.kind.testBatch() {
			m.Test = n
			continue
		}
		held := n / 10
		if held == 0 {
			return fmt.Errorf("%s has %d examples: expected at least 10, of which one is for validation", b.batchName(batch), n)
		}
		m.Train, m.Validation = append(m.Train, n-held), append(m.Validation, held)
		train = append(train, piece{batch, 0, n - held})
		validation = append(validation, piece{batch, n - held, held})
	}
	hash := m.hash()
	for _, split := range []struct {
		file   string
		pieces []piece
	}{
		{trainFile, train}, {validationFile, validation}, {testFile, []piece{{b.kind.testBatch(), 0, m.Test}}},
	} {
		if err := b.assemble(split.file, split.pieces, hash); err != nil {
			return err
		}
	}
	for batch := range b.counts {
		if err := os.Remove(b.batchFile(batch)); err != nil {
			return err
		}
	}
	m.Fingerprint = hex.EncodeToString(hash.Sum(nil))
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return create(filepath.Join(b.dir, metaFile), func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}

// piece is count examples of a batch, from the one with the number start.
type piece struct{ batch, start, count int }

// assemble writes one split's file.
func (b *builder) assemble(name string, pieces []piece, hash io.Writer) error {
	record := int64(1 + b.kind.pixels())
	return create(filepath.Join(b.dir, name), func(w io.Writer) error {
		for _, p := range pieces {
			f, err := os.Open(b.batchFile(p.batch))
			if err != nil {
				return err
			}
			section := io.NewSectionReader(f, int64(p.start)*record, int64(p.count)*record)
			_, err = io.Copy(io.MultiWriter(w, hash), section)
			if err := errors.Join(err, f.Close()); err != nil {
				return err
			}
		}
		return nil
	})
}

// create writes a file and makes sure that it is on disk.
func create(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := write(f); err != nil {
		return err
	}
	return f.Sync()
}

func (b *builder) batchFile(batch int) string {
	return filepath.Join(b.dir, "batch-"+strconv.Itoa(batch))
}

// batchName is what CIFAR-10 calls the batch.
func (b *builder) batchName(batch int) string {
	if batch == b.kind.testBatch() {
		return "test_batch"
	}
	return "data_batch_" + strconv.Itoa(batch)
}
