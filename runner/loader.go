package runner

import (
	"context"
	"iter"

	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/data"
	"runner/internal/data/transform"
)

// scaled is a pass over examples that are scaled to [0, 1] and not transformed further.
func scaled(seed int64, epoch int) data.Pass {
	return data.Pass{Seed: seed, Epoch: epoch, Transforms: scale}
}

var scale = []transform.Transform{transform.Scale(kernel.Normalize)}

// loader fills mini-batches ahead of the model: while the model works on one, the next is read into the other.
type loader [loaderBatches]*arch.MiniBatch

const loaderBatches = 2

func newLoader(m *arch.Model) *loader { return &loader{m.NewMiniBatch(), m.NewMiniBatch()} }

// batches returns the mini-batches of a pass over a split, in order, beginning with number from. An error ends the
// sequence: the context's, or that of reading the mini-batch whose turn it is. A mini-batch is valid until the next one
// is pulled, the last one until the next pass. All reading has stopped when the sequence ends.
func (l *loader) batches(
	ctx context.Context, s *data.Split, o *data.Order, from int,
) iter.Seq2[*arch.MiniBatch, error] {
	return func(yield func(*arch.MiniBatch, error) bool) {
		read := make(chan error, 1)
		start := func(k int) {
			if k == o.Steps() {
				close(read)
				return
			}
			b, indices := l[k%loaderBatches], o.Indices(k)
			b.N = len(indices)
			go func() { read <- s.Read(indices, o.Pass, b.Images, b.Labels) }()
		}
		start(from)
		defer func() { <-read }() // the read in progress
		for k := from; k < o.Steps(); k++ {
			err := <-read
			start(k + 1)
			if ctx.Err() != nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(l[k%loaderBatches], nil) {
				return
			}
		}
	}
}
