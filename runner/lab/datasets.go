package lab

import (
	"context"

	"runner/internal/data"
)

// opener opens a dataset.
type opener func(context.Context, data.Named) (*data.Dataset, error)

// datasets opens each dataset once for all runs of a command.
type datasets struct {
	with   opener
	opened map[string]openedDataset // by folder
}

type openedDataset struct {
	*data.Dataset
	err error
}

func newDatasets(with opener) *datasets {
	return &datasets{with, make(map[string]openedDataset)}
}

// open opens a dataset, or returns the error of the first attempt.
func (d *datasets) open(ctx context.Context, named data.Named) (*data.Dataset, error) {
	key := named.Folder("")
	o, tried := d.opened[key]
	if !tried {
		o.Dataset, o.err = d.with(ctx, named)
		d.opened[key] = o
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
