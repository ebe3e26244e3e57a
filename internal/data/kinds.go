package data

import (
	"context"
	"fmt"
	"strings"

	"runner/internal/data/cifar"
	"runner/internal/data/fetch"
	"runner/internal/data/prepared"
	"runner/internal/data/synthetic"
)

// Kind is a kind of dataset that an experiment can name. New returns a pointer to a
// struct that holds the defaults of the kind's arguments.
type Kind struct {
	Name, Doc string
	Fetched   bool // from what Options can name; or else drawn
	New       func() Source
}

// Source is where the examples of a dataset come from.
type Source interface {
	// Describe describes the dataset. It is called once the arguments are decoded, and must be quick.
	Describe() (prepared.Description, error)
	// Examples gives every batch file to the builder.
	Examples(ctx context.Context, o fetch.Options, b *prepared.Builder) error
}

// Kinds returns every kind of dataset.
func Kinds() []Kind {
	return []Kind{
		{
			Name: "cifar10", Doc: "60,000 photographs of ten kinds of things (Krizhevsky 2009), 170 MB to fetch",
			Fetched: true, New: func() Source { return new(cifar.CIFAR10) },
		},
		{
			Name: "synthetic", Doc: "12,000 drawn pictures of shapes and textures, no network needed",
			New: func() Source { return new(synthetic.Synthetic) },
		},
	}
}

// Unknown is the error of an unknown name.
func Unknown(name string, kinds []Kind) error {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.Name
	}
	return fmt.Errorf("unknown dataset %q, expected one of %s", name, strings.Join(names, ", "))
}
