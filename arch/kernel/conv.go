package kernel

// Conv2D is a convolution with bias and activation. Windows begin PadTop rows
// above and PadLeft columns left of the picture; OutH and OutW say how far they
// go, so padding at the bottom and right is implied and may differ.
type Conv2D struct {
	InH, InW, InC    int
	OutH, OutW, OutC int
	KernelH, KernelW int
	StrideH, StrideW int
	PadTop, PadLeft  int
	Act              Activation
}

// Forward computes z = conv(x, w) + b and y = Act(z).
// x: (n, InH, InW, InC), w: (KernelH, KernelW, InC, OutC), b: (OutC),
// z and y: (n, OutH, OutW, OutC). z may be nil unless Act.NeedsInput.
// Padding is multiplied like any value: an infinite weight times it is NaN.
func (c *Conv2D) Forward(p *Pool, n int, x, w, b, z, y []float32) {
	keep := c.Act.NeedsInput()
	g := product{
		rows: n * c.OutH * c.OutW, cols: c.OutC, depth: c.window(),
		a:    c.patches(x).pack,
		b:    rowMajor(w, c.OutC),
		bias: b,
		store: func(sums []float32, _, row, col int) {
			at := row*c.OutC + col
			if keep {
				copy(z[at:], sums)
			}
			c.Act.forward(sums, y[at:at+len(sums)])
		},
	}
	g.run(p)
}

// Backward computes the gradients of x, w and b from dz, that of z, and
// overwrites dx, dw and db. dx may be nil: not wanted. Shapes are Forward's.
func (c *Conv2D) Backward(p *Pool, n int, x, w, dz, dx, dw, db []float32) {
	c.filterGradient(p, n, x, dz, dw)
	c.biasGradient(p, n, dz, db)
	if dx != nil {
		c.inputGradient(p, n, w, dz, dx)
	}
}

// window returns the number of inputs of one output.
func (c *Conv2D) window() int { return c.KernelH * c.KernelW * c.InC }

// patches returns the windows of the input: (n*OutH*OutW) x window.
func (c *Conv2D) patches(x []float32) *patches {
	return &patches{
		data: x, h: c.InH, w: c.InW, c: c.InC,
		kernelH: c.KernelH, kernelW: c.KernelW,
		strideH: c.StrideH, strideW: c.StrideW,
		top: c.PadTop, left: c.PadLeft,
		outH: c.OutH, outW: c.OutW,
	}
}
