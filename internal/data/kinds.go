package data

import (
	"context"
	"fmt"
	"strings"
)

// Kind is a dataset that an experiment can name.
type Kind struct {
	Name, Doc               string
	Height, Width, Channels int
	Classes                 []string
	BatchFiles              int
	Validation              int  // examples of the validation split
	Fetched                 bool // from a source that Options can name; or else drawn

	// prepare hands every batch file's examples to the builder.
	prepare func(ctx context.Context, o Options, b *builder) error
}

// Kinds returns every dataset.
func Kinds() []Kind {
	return []Kind{
		{
			Name: "cifar10", Doc: "60,000 photographs of ten kinds of things (Krizhevsky 2009), 170 MB to fetch",
			Height: 32, Width: 32, Channels: 3, BatchFiles: 5, Validation: 5000, Fetched: true,
			Classes: []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
			prepare: prepareCIFAR10,
		},
		{
			Name: "synthetic", Doc: "12,000 drawn pictures of shapes and textures, no network needed",
			Height: 32, Width: 32, Channels: 3, BatchFiles: 5, Validation: 1000,
			Classes: syntheticClasses,
			prepare: prepareSynthetic,
		},
	}
}

// Lookup returns the dataset of that name.
func Lookup(name string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// Unknown is the error for a name that is no dataset's.
func Unknown(name string) error {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return fmt.Errorf("unknown dataset %q, expected one of %s", name, strings.Join(names, ", "))
}

// pixels returns the number of bytes of one picture.
func (k Kind) pixels() int { return k.Height * k.Width * k.Channels }

// testBatch is the number of the batch that holds the test split; 1 to
// BatchFiles are the others.
func (k Kind) testBatch() int { return k.BatchFiles + 1 }

// The synthetic dataset is the same everywhere: one seed, and so many pictures
// in each batch file and in the test split.
const (
	syntheticSeed = 1
	syntheticSize = 2000
)

func prepareSynthetic(ctx context.Context, _ Options, b *builder) error {
	pixels, labels := make([]byte, syntheticSize*b.kind.pixels()), make([]byte, syntheticSize)
	for batch := 1; batch <= b.kind.testBatch(); batch++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		drawSynthetic(syntheticSeed, batch, syntheticSize, pixels, labels)
		if err := b.add(batch, labels, pixels); err != nil {
			return err
		}
	}
	return nil
}
