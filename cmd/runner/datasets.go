package main

import (
	"context"

	"runner/internal/data"
)

// datasets opens each dataset once for all runs of a command.
type datasets struct {
	with   func(ctx context.Context, name string) (*data.Dataset, error)
	opened map[string]openedDataset
}

type openedDataset struct {
	*data.Dataset
	err error
}

func newDatasets(with func(context.Context, string) (*data.Dataset, error)) *datasets {
	return &datasets{with, make(map[string]openedDataset)}
}

// open opens a dataset, or says why it could not be opened.
func (d *datasets) open(ctx context.Context, name string) (*data.Dataset, error) {
	o, tried := d.opened[name]
	if !tried {
		o.Dataset, o.err = d.with(ctx, name)
		d.opened[name] = o
	}
	return o.Dataset, o.err
}

func (d *datasets) close() {
	for _, o := range d.opened {
		if o.err == nil {
			o.Close()
		}
	}
}
