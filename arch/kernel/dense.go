package kernel

// Dense is a fully connected layer with bias and activation.
type Dense struct {
	In, Out int
	Act     Activation
}

// Forward computes z = x*w + b and y = Act(z).
// x: (n, In), w: (In, Out), b: (Out), z and y: (n, Out). z is written where
// Act.NeedsInput, for Backward; nil: not wanted.
func (d *Dense) Forward(p *Pool, n int, x, w, b, z, y []float32) {
	d.conv().Forward(p, n, x, w, b, z, y)
}

// Backward computes the gradients of x, w and b from dz, that of z, and
// overwrites dx, dw and db. dx may be nil: not wanted. Shapes are Forward's.
func (d *Dense) Backward(p *Pool, n int, x, w, dz, dx, dw, db []float32) {
	d.conv().Backward(p, n, x, w, dz, dx, dw, db)
}

// conv returns the same layer as a convolution of pictures of one pixel.
func (d *Dense) conv() *Conv2D {
	return &Conv2D{
		InH: 1, InW: 1, InC: d.In, OutH: 1, OutW: 1, OutC: d.Out,
		KernelH: 1, KernelW: 1, StrideH: 1, StrideW: 1, Act: d.Act,
	}
}
