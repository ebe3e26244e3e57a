package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Dataset is a prepared dataset, open for reading. It is for one goroutine at a
// time.
type Dataset struct {
	Kind        Kind
	Fingerprint string // SHA-256 over the prepared content, in hexadecimal

	meta                    meta
	train, validation, test *os.File
}

// Open opens a dataset and fetches it first if it is not prepared.
func Open(ctx context.Context, name string, o Options) (*Dataset, error) {
	if err := Get(ctx, name, o); err != nil {
		return nil, err
	}
	kind, _ := Lookup(name)
	dir := filepath.Join(o.Dir, name)
	d, err := open(kind, dir)
	if err != nil {
		return nil, fmt.Errorf("%w: remove the folder %s and run 'runner data get %s'", err, dir, name)
	}
	return d, nil
}

func open(kind Kind, dir string) (_ *Dataset, err error) {
	d := &Dataset{Kind: kind}
	text, err := os.ReadFile(filepath.Join(dir, metaFile))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &d.meta); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, metaFile), err)
	}
	if err := d.meta.check(kind); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, metaFile), err)
	}
	d.Fingerprint = d.meta.Fingerprint
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	for _, split := range []struct {
		name  string
		file  **os.File
		count int
	}{
		{trainFile, &d.train, sum(d.meta.Train)},
		{validationFile, &d.validation, sum(d.meta.Validation)},
		{testFile, &d.test, d.meta.Test},
	} {
		path := filepath.Join(dir, split.name)
		if *split.file, err = os.Open(path); err != nil {
			return nil, err
		}
		info, err := (*split.file).Stat()
		if err != nil {
			return nil, err
		}
		if want := int64(split.count) * int64(1+kind.pixels()); info.Size() != want {
			return nil, fmt.Errorf("%s: damaged: expected %d bytes, got %d", path, want, info.Size())
		}
	}
	return d, nil
}

// maxExamples bounds what meta.json may say of one batch file.
const maxExamples = 1 << 30

func (m meta) check(kind Kind) error {
	switch {
	case m.Version != version:
		return fmt.Errorf("prepared by another version of the program: expected format %d, got %d", version, m.Version)
	case m.Name != kind.Name, m.Shape != [3]int{kind.Height, kind.Width, kind.Channels},
		!slices.Equal(m.Classes, kind.Classes), len(m.Train) != kind.BatchFiles, len(m.Validation) != kind.BatchFiles:
		return fmt.Errorf("does not describe the dataset %s", kind.Name)
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

// Close closes the files.
func (d *Dataset) Close() error {
	var errs []error
	for _, f := range []*os.File{d.train, d.validation, d.test} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

// Train returns the training examples of one batch file, counted from 1, or of
// all for 0.
func (d *Dataset) Train(batchFile int) *Split {
	if batchFile == 0 {
		return d.split(d.train, 0, d.meta.Train)
	}
	return d.split(d.train, sum(d.meta.Train[:batchFile-1]), d.meta.Train[batchFile-1:batchFile])
}

// Validation returns the validation examples of all batch files.
func (d *Dataset) Validation() *Split {
	return d.split(d.validation, 0, []int{sum(d.meta.Validation)})
}

// Test returns the test examples.
func (d *Dataset) Test() *Split { return d.split(d.test, 0, []int{d.meta.Test}) }

func (d *Dataset) split(f *os.File, start int, counts []int) *Split {
	return &Split{file: f, pixels: d.Kind.pixels(), start: start, counts: counts, len: sum(counts), classes: len(d.Kind.Classes)}
}

func sum(counts []int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
