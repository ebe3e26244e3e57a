package op

import "runner/arch/kernel"

// preactivation is what a layer with a fused activation needs for its backward
// pass: the input z of the activation, for those whose derivative cannot be
// had from the output y, and the gradient dz.
type preactivation struct {
	act   kernel.Activation
	z, dz *Buffer
}

func newPreactivation(act kernel.Activation, elements int) preactivation {
	p := preactivation{act: act}
	if act.NeedsInput() {
		p.z = newBuffer(elements)
	}
	if act != kernel.Linear {
		p.dz = newBuffer(elements)
	}
	return p
}

// memory is that of a layer whose gradients need x, whatever the activation.
func (p *preactivation) memory(pool func(size, threads int) kernel.Buffers) Memory {
	return Memory{
		ReadsX: true, ReadsY: p.act != kernel.Linear && !p.act.NeedsInput(), Kept: p.z, DZ: p.dz, Pool: pool,
	}
}

// backward returns the gradient at the input of the activation.
func (p *preactivation) backward(b *Batch, perExample int, y, dy []float32) []float32 {
	if p.act == kernel.Linear {
		return dy
	}
	n := b.N * perExample
	dz := p.dz.floats()
	p.act.Backward(b.Pool, upTo(p.z.floats(), n), upTo(y, n), dy[:n], dz[:n])
	return dz
}

// upTo returns the first n elements, or nil of nil.
func upTo(s []float32, n int) []float32 {
	if s == nil {
		return nil
	}
	return s[:n]
}

type activation struct {
	act        kernel.Activation
	perExample int
}

// Activation returns an element-wise activation as a layer of its own, for
// examples of perExample elements.
func Activation(act kernel.Activation, perExample int) Layer { return &activation{act, perExample} }

func (a *activation) Memory() Memory {
	return Memory{ReadsX: a.act.NeedsInput(), ReadsY: !a.act.NeedsInput(), InPlace: true}
}

func (a *activation) Forward(b *Batch, x []float32, _ [][]float32, y []float32) {
	n := b.N * a.perExample
	a.act.Forward(b.Pool, x[:n], y[:n])
}

func (a *activation) Backward(b *Batch, x, y, dy []float32, _ [][]float32, dx []float32, _ [][]float32) {
	n := b.N * a.perExample
	a.act.Backward(b.Pool, upTo(x, n), upTo(y, n), dy[:n], dx[:n])
}
