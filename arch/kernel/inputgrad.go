package kernel

// inputGradient computes dx. An input pixel at row iy meets the outputs oy with
// oy*StrideH + ky = iy + PadTop. So all input rows with the same remainder of iy + PadTop
// by the stride meet the same rows of the filters, in neighbouring outputs, and for each
// pair of remainders (of rows and of columns) dx is a convolution of dz with stride 1 and
// a part of the filters, turned around.
func (c *Conv2D) inputGradient(p *Pool, n int, w, dz, dx []float32) {
	if c.SizeH < c.StrideH || c.SizeW < c.StrideW {
		clear(dx[:n*c.InH*c.InW*c.C]) // some pixels are in no window
	}
	c.phases(func(rows, cols phase) { c.phaseGradient(p, n, w, dz, dx, rows, cols) })
}

// phases calls f for each pair of remainders.
func (c *Conv2D) phases(f func(rows, cols phase)) {
	for restY := range min(c.StrideH, c.SizeH) {
		rows := phaseOf(restY, c.StrideH, c.SizeH, c.InH, c.PadTop)
		for restX := range min(c.StrideW, c.SizeW) {
			f(rows, phaseOf(restX, c.StrideW, c.SizeW, c.InW, c.PadLeft))
		}
	}
}

// phase is, in one direction, the input pixels of one remainder: first, first+stride,
// ...; the taps of the filter that they meet: rest, rest+stride, ...; and where the
// window over the outputs begins for the first pixel.
type phase struct{ first, stride, pixels, rest, taps, begin int }

func phaseOf(rest, stride, kernel, in, pad int) phase {
	f := phase{stride: stride, rest: rest}
	f.first = ((rest-pad)%stride + stride) % stride
	f.pixels = max(ceil(in-f.first, stride), 0)
	f.taps = ceil(kernel-rest, stride)
	// The tap rest meets output (first+pad-rest)/stride, later taps earlier ones.
	f.begin = (f.first+pad-rest)/stride - (f.taps - 1)
	return f
}

func (c *Conv2D) phaseGradient(p *Pool, n int, w, dz, dx []float32, rows, cols phase) {
	q := c.phaseWindows(n, dz, rows, cols)
	turned := weights{
		data: w, kernelW: c.SizeW, inC: c.C, outC: c.OutC,
		turned: true, rows: rows, cols: cols,
	}
	p.correlate(&q, turned, nil, correlation{
		cols:   c.C,
		out:    dx,
		origin: (rows.first*c.InW + cols.first) * c.C,
		pitch:  [3]int{c.InH * c.InW * c.C, rows.stride * c.InW * c.C, cols.stride * c.C},
	})
}

// phaseWindows returns the windows of dz that the input pixels of a phase meet.
func (c *Conv2D) phaseWindows(n int, dz []float32, rows, cols phase) windows {
	return windows{Window{
		InH: c.OutH, InW: c.OutW, C: c.OutC,
		OutH: rows.pixels, OutW: cols.pixels,
		SizeH: rows.taps, SizeW: cols.taps,
		StrideH: 1, StrideW: 1,
		PadTop: -rows.begin, PadLeft: -cols.begin,
	}, dz, n}
}
