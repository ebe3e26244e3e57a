package op

import (
	"runner/arch/kernel"
	"runner/internal/rng"
)

// Dropout returns inverted dropout: see [kernel.Dropout]. The draw for an element
// depends on the run's seed, the layer's number, the step and the element alone.
// In evaluation dropout is the identity: use Reshape.
func Dropout(size int, rate float64, layer, perExample int) Layer {
	d := kernel.Dropout{Rate: rate}
	kept := &Buffer{bytes: (size*perExample + 7) / 8} // one bit an element
	return Layer{
		Forward: func(b *Batch, p Pass) {
			n := b.N * perExample
			stream := rng.New(b.Seed, rng.Dropout, layer, b.Step)
			d.Forward(b.Pool, stream.Fill, p.X[:n], p.Y[:n], kept.memory)
		},
		Backward: func(b *Batch, p Pass) {
			n := b.N * perExample
			d.Backward(b.Pool, kept.memory, p.DY[:n], p.DX[:n])
		},
		InPlace: true, Kept: kept,
	}
}
