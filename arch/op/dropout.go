package op

import (
	"runner/arch/kernel"
	"runner/internal/rng"
)

// dropoutChunk is how many elements of a mask one worker draws at a time.
const dropoutChunk = 1 << 14

type dropout struct {
	rate       float64
	layer      int
	perExample int
	mask       *Buffer // 0 or 1/(1-rate)
}

// Dropout returns inverted dropout (Srivastava et al. 2014, scaled when
// training): each element is zeroed with probability rate, the others are
// multiplied by 1/(1-rate). The draw for an element depends on the run's seed,
// the layer's index, the step and the element alone. In evaluation dropout is
// the identity: use Reshape.
func Dropout(size int, rate float64, layer, perExample int) Layer {
	return &dropout{rate, layer, perExample, newBuffer(size * perExample)}
}

func (d *dropout) Memory() Memory { return Memory{InPlace: true, Kept: d.mask} }

func (d *dropout) Forward(b *Batch, x []float32, _ [][]float32, y []float32) {
	n := b.N * d.perExample
	mask := d.mask.floats()[:n]
	d.draw(b, mask)
	kernel.Mul(b.Pool, x[:n], mask, y[:n])
}

func (d *dropout) Backward(b *Batch, _, _, dy []float32, _ [][]float32, dx []float32, _ [][]float32) {
	n := b.N * d.perExample
	kernel.Mul(b.Pool, dy[:n], d.mask.floats()[:n], dx[:n])
}

func (d *dropout) draw(b *Batch, mask []float32) {
	stream := rng.New(b.Seed, rng.Dropout, d.layer, b.Step)
	scale := float32(1 / (1 - d.rate))
	// A word below the threshold means dropped: rate in units of 2^-32.
	threshold := uint64(d.rate * (1 << 32))
	chunks := (len(mask) + dropoutChunk - 1) / dropoutChunk
	b.Pool.Do(chunks, func(_, chunk int) {
		start := chunk * dropoutChunk
		part := mask[start:min(start+dropoutChunk, len(mask))]
		for i := 0; i < len(part); i += 4 {
			words := stream.Block(uint64(start+i) / 4)
			for j := 0; j < 4 && i+j < len(part); j++ {
				part[i+j] = scale
				if uint64(words[j]) < threshold {
					part[i+j] = 0
				}
			}
		}
	})
}
