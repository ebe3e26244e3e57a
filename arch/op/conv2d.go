package op

import "runner/arch/kernel"

// Conv2D returns a fused convolution, bias and activation for mini-batches of size
// examples. x: (Size, height, width, channels); tensors: kernel (height, width, in,
// out) and bias (out).
func Conv2D(size int, c kernel.Conv2D) Layer {
	outputs := c.OutH * c.OutW * c.OutC
	// z is the input of the activation, kept where its derivative does not follow
	// from y; dz is the gradient of z.
	var z, dz *Buffer
	linear, needsZ := c.Act == kernel.Linear, c.Act.NeedsInput()
	if needsZ {
		z = newBuffer(size * outputs)
	}
	if !linear {
		dz = newBuffer(size * outputs)
	}
	return Layer{
		Forward: func(b *Batch, p Pass) {
			c.Forward(b.Pool, b.N, p.X, p.Tensors[0], p.Tensors[1], z.floats(), p.Y)
		},
		Backward: func(b *Batch, p Pass) {
			gradient := p.DY
			if !linear {
				n := b.N * outputs
				gradient = dz.floats()
				c.Act.Backward(b.Pool, upTo(z.floats(), n), upTo(p.Y, n), p.DY[:n], gradient[:n])
			}
			c.Backward(b.Pool, b.N, p.X, p.Tensors[0], gradient, p.DX, p.DTensors[0], p.DTensors[1])
		},
		ReadsX: true, ReadsY: !linear && !needsZ,
		Kept: z, DZ: dz, Pool: c.Buffers,
	}
}
