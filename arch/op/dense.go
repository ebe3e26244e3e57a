package op

import "runner/arch/kernel"

// dense is a matrix product with its bias and activation.
// x: (Size, in); parameters: kernel (in, out) and bias (out).
type dense struct {
	kernel.Dense
	preactivation
}

// Dense returns a fused fully connected layer, bias and activation for
// mini-batches of size examples.
func Dense(size int, d kernel.Dense) Layer {
	return &dense{d, newPreactivation(d.Act, size*d.Out)}
}

func (d *dense) Memory() Memory { return d.memory(d.Buffers) }

func (d *dense) Forward(b *Batch, x []float32, params [][]float32, y []float32) {
	d.Dense.Forward(b.Pool, b.N, x, params[0], params[1], d.z.floats(), y)
}

func (d *dense) Backward(b *Batch, x, y, dy []float32, params [][]float32, dx []float32, dparams [][]float32) {
	dz := d.backward(b, d.Out, y, dy)
	d.Dense.Backward(b.Pool, b.N, x, params[0], dz, dx, dparams[0], dparams[1])
}
