package prepared

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Dataset is a prepared dataset, open for reading by one goroutine at a time.
type Dataset struct {
	Description
	Fingerprint string // SHA-256 over the prepared content, in hexadecimal

	meta                    meta
	repair                  string // what to do if it is damaged
	train, validation, test *os.File
}

// Open opens the dataset in a folder, which must be the one described. Any number of processes may call it at once.
// Errors name the command get, which prepares the dataset. If nothing is prepared the error is [fs.ErrNotExist].
func Open(folder string, about Description, get string) (*Dataset, error) {
	text, err := os.ReadFile(filepath.Join(folder, metaFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is not prepared: %w: run '%s'", about.Name, err, get)
	}
	d := &Dataset{Description: about, repair: fmt.Sprintf("remove the folder %s and run '%s'", folder, get)}
	if err == nil {
		err = d.open(folder, text)
	}
	if err != nil {
		return nil, d.remedy(errors.Join(err, d.Close()))
	}
	return d, nil
}

// remedy adds to an error how to repair the dataset.
func (d *Dataset) remedy(err error) error { return fmt.Errorf("%w: %s", err, d.repair) }

// open reads the content of meta.json and opens the files.
func (d *Dataset) open(folder string, text []byte) error {
	err := json.Unmarshal(text, &d.meta)
	if err == nil {
		err = d.meta.check(d.Description)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(folder, metaFile), err)
	}
	d.Fingerprint = d.meta.Fingerprint
	for _, split := range d.files() {
		if *split.file, err = os.Open(filepath.Join(folder, split.name)); err != nil {
			return err
		}
		info, err := (*split.file).Stat()
		if err != nil {
			return err
		}
		if err := split.checkSize(info.Size()); err != nil {
			return err
		}
	}
	return nil
}

// splitFile is a prepared file and the size that meta.json implies.
type splitFile struct {
	name string
	file **os.File
	size int64
}

// files returns the prepared files, in the order of the fingerprint.
func (d *Dataset) files() []splitFile {
	record := int64(d.RecordBytes())
	return []splitFile{
		{trainFile, &d.train, int64(sum(d.meta.Train)) * record},
		{validationFile, &d.validation, int64(sum(d.meta.Validation)) * record},
		{testFile, &d.test, int64(d.meta.Test) * record},
	}
}

// checkSize returns an error if the file does not have its size.
func (s splitFile) checkSize(size int64) error {
	if size != s.size {
		return fmt.Errorf("%s: damaged: expected %d bytes, got %d", (*s.file).Name(), s.size, size)
	}
	return nil
}

// TrainExamples returns how many training examples each batch file has.
func (d *Dataset) TrainExamples() []int { return slices.Clone(d.meta.Train) }

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

// Train returns the training examples of one batch file, counted from 1, or of all for 0.
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
	return &Split{
		file: f, dataset: d, pixels: d.Pixels(), label: d.labelBytes(), start: start, counts: counts, len: sum(counts),
	}
}

func sum(counts []int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
