package data

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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
	return OpenPrepared(name, o.Dir)
}

// OpenPrepared opens a dataset of the data folder dir. It fetches nothing and
// takes no lock, so any number of processes may call it at once. Where the
// dataset is not prepared the error is [fs.ErrNotExist].
func OpenPrepared(name, dir string) (*Dataset, error) {
	kind, ok := Lookup(name)
	if !ok {
		return nil, Unknown(name)
	}
	folder := filepath.Join(dir, name)
	if _, err := os.Stat(filepath.Join(folder, metaFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not prepared: %w: run 'runner data get %s'", name, err, name)
	}
	d, err := open(kind, folder)
	if err != nil {
		return nil, remedy(err, folder)
	}
	return d, nil
}

// remedy adds to an error what to do about a damaged dataset. The folder is
// named after the dataset.
func remedy(err error, folder string) error {
	return fmt.Errorf("%w: remove the folder %s and run 'runner data get %s'", err, folder, filepath.Base(folder))
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
	for _, split := range d.files() {
		path := filepath.Join(dir, split.name)
		if *split.file, err = os.Open(path); err != nil {
			return nil, err
		}
		info, err := (*split.file).Stat()
		if err != nil {
			return nil, err
		}
		if err := split.checkSize(info.Size()); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// splitFile is a prepared file and the size that meta.json implies.
type splitFile struct {
	name string
	file **os.File
	size int64
}

// files returns the prepared files, in the order of the fingerprint.
func (d *Dataset) files() []splitFile {
	record := int64(1 + d.Kind.pixels())
	return []splitFile{
		{trainFile, &d.train, int64(sum(d.meta.Train)) * record},
		{validationFile, &d.validation, int64(sum(d.meta.Validation)) * record},
		{testFile, &d.test, int64(d.meta.Test) * record},
	}
}

// checkSize returns an error unless the file has the size that it must have.
func (s splitFile) checkSize(size int64) error {
	if size != s.size {
		return fmt.Errorf("%s: damaged: expected %d bytes, got %d", (*s.file).Name(), s.size, size)
	}
	return nil
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

// Record is what is put on record of a dataset when a run begins to train on it.
type Record struct {
	Name, Fingerprint string
	Shape             [3]int // height, width, channels
	Classes           []string
	Train, Validation []int // examples of each batch file
	Test              int   // examples
}

// Record returns what to put on record of the dataset.
func (d *Dataset) Record() Record {
	return Record{
		Name: d.meta.Name, Fingerprint: d.Fingerprint, Shape: d.meta.Shape, Classes: slices.Clone(d.meta.Classes),
		Train: slices.Clone(d.meta.Train), Validation: slices.Clone(d.meta.Validation), Test: d.meta.Test,
	}
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
