package op

import "runner/arch/kernel"

// conv2d is a convolution with its bias and activation.
// x: (Size, height, width, channels); parameters: kernel (height, width, in,
// out) and bias (out).
type conv2d struct {
	kernel.Conv2D
	preactivation
}

// Conv2D returns a fused convolution, bias and activation for mini-batches of
// size examples.
func Conv2D(size int, c kernel.Conv2D) Layer {
	return &conv2d{c, newPreactivation(c.Act, size*c.OutH*c.OutW*c.OutC)}
}

func (c *conv2d) Memory() Memory { return c.memory(c.Buffers) }

func (c *conv2d) Forward(b *Batch, x []float32, params [][]float32, y []float32) {
	c.Conv2D.Forward(b.Pool, b.N, x, params[0], params[1], c.z.floats(), y)
}

func (c *conv2d) Backward(b *Batch, x, y, dy []float32, params [][]float32, dx []float32, dparams [][]float32) {
	dz := c.backward(b, c.OutH*c.OutW*c.OutC, y, dy)
	c.Conv2D.Backward(b.Pool, b.N, x, params[0], dz, dx, dparams[0], dparams[1])
}
