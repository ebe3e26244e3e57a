package prepared

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"

	"runner/internal/files"
)

// Test is the number of the batch file that is the test split. The others are
// counted from 1.
const Test = 0

// Example is one picture and the index of its class.
type Example struct {
	Label  int
	Pixels []byte // (height, width, channels), until the next example
}

// Builder collects batch files in any order and turns them into the prepared files.
type Builder struct {
	// Downloads is a folder for what a source fetches. It may not exist yet; its content is kept until the dataset is
	// prepared.
	Downloads string

	about  Description
	dir    string
	counts map[int]int // examples of each batch file, by its number
}

// Add writes the examples of a batch file, 1 to BatchFiles or [Test].
func (b *Builder) Add(batch int, examples iter.Seq2[Example, error]) (err error) {
	if _, again := b.counts[batch]; again {
		return fmt.Errorf("%s comes twice", BatchName(batch))
	}
	f, err := os.Create(b.batchFile(batch))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<16)
	n, last := 0, len(b.about.Classes)-1
	for e, err := range examples {
		switch {
		case err != nil:
			return err
		case e.Label < 0 || e.Label > last:
			return fmt.Errorf("%s: label %d of example %d: expected 0 to %d", BatchName(batch), e.Label, n, last)
		case len(e.Pixels) != b.about.Pixels():
			return fmt.Errorf("%s: example %d has %d bytes of pixels, expected %d",
				BatchName(batch), n, len(e.Pixels), b.about.Pixels())
		}
		for at := range b.about.labelBytes() {
			if err := w.WriteByte(byte(e.Label >> (8 * at))); err != nil {
				return err
			}
		}
		if _, err := w.Write(e.Pixels); err != nil {
			return err
		}
		n++
	}
	b.counts[batch] = n
	return w.Flush()
}

// finish writes the splits and then meta.json to disk.
func (b *Builder) finish() error {
	m := meta{
		Version: b.about.version(), Name: b.about.Name, Classes: b.about.Classes, Shape: b.about.Shape,
		Test: b.counts[Test],
	}
	var train, validation []piece
	for batch := 1; batch <= b.about.BatchFiles; batch++ {
		n, ok := b.counts[batch]
		if !ok {
			return fmt.Errorf("%s is missing", BatchName(batch))
		}
		held := n / 10
		if held == 0 {
			return fmt.Errorf("%s has %d examples: expected at least 10, of which one is for validation", BatchName(batch), n)
		}
		m.Train, m.Validation = append(m.Train, n-held), append(m.Validation, held)
		train = append(train, piece{batch, 0, n - held})
		validation = append(validation, piece{batch, n - held, held})
	}
	if _, ok := b.counts[Test]; !ok {
		return fmt.Errorf("%s is missing", BatchName(Test))
	}
	if m.Test == 0 {
		return fmt.Errorf("%s has no examples", BatchName(Test))
	}
	hash := m.hash()
	for _, split := range []struct {
		file   string
		pieces []piece
	}{
		{trainFile, train}, {validationFile, validation}, {testFile, []piece{{Test, 0, m.Test}}},
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
	return files.Create(filepath.Join(b.dir, metaFile), func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}

// piece is count examples of a batch file, beginning with number start.
type piece struct{ batch, start, count int }

// assemble writes one split's file.
func (b *Builder) assemble(name string, pieces []piece, hash io.Writer) error {
	record := int64(b.about.RecordBytes())
	return files.Create(filepath.Join(b.dir, name), func(w io.Writer) error {
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

func (b *Builder) batchFile(batch int) string {
	return filepath.Join(b.dir, "batch-"+strconv.Itoa(batch))
}

// BatchName is the name of a batch file in messages, which is CIFAR-10's.
func BatchName(batch int) string {
	if batch == Test {
		return "test_batch"
	}
	return "data_batch_" + strconv.Itoa(batch)
}
