// Package synthetic draws a dataset of shapes and textures, hard enough to tell networks apart, without a download.
package synthetic

import (
	"context"
	"iter"

	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
)

// A picture has CIFAR-10's shape.
const (
	side         = 32
	area         = side * side
	channels     = 3
	pictureBytes = area * channels
)

// The dataset is the same everywhere: one seed, and size pictures in each batch file and in the test file.
const (
	seed       = 1
	size       = 2000
	batchFiles = 5
)

// Synthetic is the source of the dataset.
type Synthetic struct{}

// Describe says what the dataset is.
func (*Synthetic) Describe() (prepared.Description, error) {
	return prepared.Description{
		Name: "synthetic", Shape: [3]int{side, side, channels}, Classes: classes, BatchFiles: batchFiles,
	}, nil
}

// Examples draws every batch file.
func (*Synthetic) Examples(ctx context.Context, _ fetch.Options, b *prepared.Builder) error {
	pixels, labels := make([]byte, size*pictureBytes), make([]byte, size)
	for drawn := 1; drawn <= batchFiles+1; drawn++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		drawBatch(seed, drawn, size, pixels, labels)
		batch := drawn
		if drawn > batchFiles {
			batch = prepared.Test
		}
		if err := b.Add(batch, examples(pixels, labels)); err != nil {
			return err
		}
	}
	return nil
}

// examples are the pictures of a batch file.
func examples(pixels, labels []byte) iter.Seq2[prepared.Example, error] {
	return func(yield func(prepared.Example, error) bool) {
		for i, label := range labels {
			if !yield(prepared.Example{Label: int(label), Pixels: pixels[i*pictureBytes : (i+1)*pictureBytes]}, nil) {
				return
			}
		}
	}
}
