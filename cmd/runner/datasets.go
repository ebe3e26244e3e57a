package main

import (
	"context"

	"runner/internal/data"
)

// datasets opens each dataset once for all runs of a command.
type datasets struct {
	app    *app
	opened map[string]openedDataset
}

type openedDataset struct {
	*data.Dataset
	err error
}

func newDatasets(a *app) *datasets { return &datasets{a, make(map[string]openedDataset)} }

// open opens a dataset, and fetches it first if it is missing.
func (d *datasets) open(ctx context.Context, name string) (*data.Dataset, error) {
	o, tried := d.opened[name]
	if !tried {
		o.Dataset, o.err = d.app.openData(ctx, name)
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
