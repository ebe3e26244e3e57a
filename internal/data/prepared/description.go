// Package prepared keeps datasets on disk in a form that mini-batches are read from.
//
//	Description, examples ──Make──> prepared files ──Open──> *Dataset ──> *Split ──Order──> mini-batches
//
// [Make] prepares a dataset once, from the examples that a source gives its [Builder]. [Open] opens it and checks
// sizes; [Dataset.Verify] reads everything. A [Split] (train, validation, test) reads mini-batches straight from its
// file, so that only one is ever in memory, and an [Order] is the sequence of an epoch's mini-batches.
//
// # Batch files
//
// Like CIFAR-10, every dataset comes in batch files, which may differ in size. The last tenth of each is for
// validation, the rest for training.
//
// # Prepared files
//
// A dataset's folder holds train.bin, validation.bin and test.bin, each with the batch files one after another, and
// meta.json, which says how many examples each batch file contributes. An example is a record: its label, then its
// pixels as bytes in the order height, width, channels. The label is one byte in version 1 of the format and two bytes,
// the lower first, in version 2, which only datasets with more than 256 classes have. The folder is made under another
// name and renamed when it is complete.
package prepared

import "fmt"

// Description is what a dataset is, before any of it is read.
type Description struct {
	Name       string
	Shape      [3]int   // of a picture: height, width, channels
	Classes    []string // names, in the order of the labels
	BatchFiles int
}

// Pixels returns the number of bytes of one picture.
func (d Description) Pixels() int { return d.Shape[0] * d.Shape[1] * d.Shape[2] }

// RecordBytes returns the number of bytes of one example in the prepared files.
func (d Description) RecordBytes() int { return d.labelBytes() + d.Pixels() }

// The versions of the prepared files' format.
const (
	byteLabels = 1
	wideLabels = 2
)

// mostClasses is how many classes two bytes can number.
const mostClasses = 1 << 16

// version is the format that the dataset is prepared in: the lowest one that its classes allow, as it is part of the
// fingerprint.
func (d Description) version() int {
	if len(d.Classes) > 1<<8 {
		return wideLabels
	}
	return byteLabels
}

func (d Description) labelBytes() int {
	if d.version() == wideLabels {
		return 2
	}
	return 1
}

// check refuses what cannot be prepared.
func (d Description) check() error {
	if d.Pixels() < 1 || min(d.Shape[0], d.Shape[1], d.Shape[2]) < 1 || d.BatchFiles < 1 {
		return fmt.Errorf("pictures of shape %v in %d batch files: expected at least 1 of each", d.Shape, d.BatchFiles)
	}
	if n := len(d.Classes); n < 1 || n > mostClasses {
		return fmt.Errorf("%d classes: expected 1 to %d", n, mostClasses)
	}
	return nil
}
