package kernel

// Conv2D is a convolution with bias and activation.
type Conv2D struct {
	Window
	OutC int
	Act  Activation
}

// Dense returns a fully connected layer with bias and activation: a convolution of
// pictures of one pixel. x: (n, in), w: (in, out), b: (out), z and y: (n, out).
func Dense(in, out int, act Activation) Conv2D {
	pixel := Window{InH: 1, InW: 1, C: in, OutH: 1, OutW: 1, SizeH: 1, SizeW: 1, StrideH: 1, StrideW: 1}
	return Conv2D{pixel, out, act}
}

// Forward computes z = conv(x, w) + b and y = Act(z).
// x: (n, InH, InW, C), w: (SizeH, SizeW, C, OutC), b: (OutC),
// z and y: (n, OutH, OutW, OutC). z is for Backward, and written only if Act.NeedsInput
// and it is not nil. Padding is multiplied like any value: an infinite weight times it
// is NaN.
func (c *Conv2D) Forward(p *Pool, n int, x, w, b, z, y []float32) {
	out := y
	if c.Act.NeedsInput() && z != nil {
		out = z
	}
	q := c.windows(n, x)
	p.correlate(&q, weights{data: w, inC: c.C, outC: c.OutC}, b, correlation{
		cols:  c.OutC,
		out:   out,
		pitch: [3]int{c.OutH * c.OutW * c.OutC, c.OutW * c.OutC, c.OutC},
		act:   c.Act,
		y:     y,
	})
}

// Backward computes the gradients of x, w and b from dz, that of z, and overwrites dx,
// dw and db. A nil dx is not wanted. Shapes are Forward's.
func (c *Conv2D) Backward(p *Pool, n int, x, w, dz, dx, dw, db []float32) {
	c.filterGradient(p, n, x, dz, dw, db)
	if dx != nil {
		c.inputGradient(p, n, w, dz, dx)
	}
}

// windows returns the windows of the input.
func (c *Conv2D) windows(n int, x []float32) windows { return windows{c.Window, x, n} }

// window returns the number of input values that one output value is summed from.
func (c *Conv2D) window() int { return c.SizeH * c.SizeW * c.C }
