package op

import (
	"runner/arch/kernel"
	"runner/internal/rng"
)

type dropout struct {
	kernel.Dropout
	layer      int
	perExample int
	kept       *Buffer // one bit an element
}

// Dropout returns inverted dropout: see [kernel.Dropout]. The draw for an element
// depends on the run's seed, the layer's index, the step and the element alone.
// In evaluation dropout is the identity: use Reshape.
func Dropout(size int, rate float64, layer, perExample int) Layer {
	return &dropout{kernel.Dropout{Rate: rate}, layer, perExample, &Buffer{bytes: (size*perExample + 7) / 8}}
}

func (d *dropout) Memory() Memory { return Memory{InPlace: true, Kept: d.kept} }

func (d *dropout) Forward(b *Batch, x []float32, _ [][]float32, y []float32) {
	n := b.N * d.perExample
	stream := rng.New(b.Seed, rng.Dropout, d.layer, b.Step)
	d.Dropout.Forward(b.Pool, stream.Fill, x[:n], y[:n], d.kept.memory)
}

func (d *dropout) Backward(b *Batch, _, _, dy []float32, _ [][]float32, dx []float32, _ [][]float32) {
	n := b.N * d.perExample
	d.Dropout.Backward(b.Pool, d.kept.memory, dy[:n], dx[:n])
}
