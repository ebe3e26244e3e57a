package op

import "runner/arch/kernel"

// Activation returns an element-wise activation as a layer of its own, for
// examples of perExample elements.
func Activation(act kernel.Activation, perExample int) Layer {
	return Layer{
		Forward: func(b *Batch, p Pass) {
			n := b.N * perExample
			act.Forward(b.Pool, p.X[:n], p.Y[:n])
		},
		Backward: func(b *Batch, p Pass) {
			n := b.N * perExample
			act.Backward(b.Pool, upTo(p.X, n), upTo(p.Y, n), p.DY[:n], p.DX[:n])
		},
		ReadsX: act.NeedsInput(), ReadsY: !act.NeedsInput(), InPlace: true,
	}
}

// upTo returns the first n elements, or nil of nil.
func upTo(s []float32, n int) []float32 { return s[:min(n, len(s))] }
