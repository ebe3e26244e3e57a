package kernel

// Pool2D is a pooling layer. Each window must hold at least one pixel of the picture.
// Padding is never a value: it does not win a maximum and does not count in a mean.
type Pool2D struct{ Window }

// window is the part of one window that is inside the picture.
type window struct {
	in, out    int // its first element in x and in y
	first      int // its first element in its example
	rows, cols int // pixels
}

// each calls f for all windows of n examples. Unless sums is nil, it clears each
// example of it before.
func (g *Pool2D) each(p *Pool, n int, sums []float32, f func(w window)) {
	k := taskOf[poolPass](p)
	*k = poolPass{g, sums, f}
	p.do(n, k)
	*k = poolPass{} // keeps no closure alive
}

// poolPass is a pass over the windows of a pooling layer.
type poolPass struct {
	g    *Pool2D
	sums []float32
	f    func(w window)
}

func (k *poolPass) run(_ *worker, example int) {
	if k.sums != nil {
		in := k.g.InH * k.g.InW * k.g.C
		clear(k.sums[example*in:][:in])
	}
	k.g.eachOf(example, k.f)
}

// eachOf calls f for the windows of one example, in order.
func (g *Pool2D) eachOf(example int, f func(w window)) {
	in, out := example*g.InH*g.InW*g.C, example*g.OutH*g.OutW*g.C
	for oy := range g.OutH {
		for ox := range g.OutW {
			top, left := oy*g.StrideH-g.PadTop, ox*g.StrideW-g.PadLeft
			bottom, right := min(top+g.SizeH, g.InH), min(left+g.SizeW, g.InW)
			top, left = max(top, 0), max(left, 0)
			first := (top*g.InW + left) * g.C
			f(window{in + first, out, first, bottom - top, right - left})
			out += g.C
		}
	}
}

// sums returns dx if gradients add up there, or nil if every pixel is in exactly one
// window, whose gradient overwrites it.
func (g *Pool2D) sums(dx []float32) []float32 {
	if g.SizeH == g.StrideH && g.OutH*g.StrideH-g.PadTop >= g.InH &&
		g.SizeW == g.StrideW && g.OutW*g.StrideW-g.PadLeft >= g.InW {
		return nil
	}
	return dx
}

// MaxForward computes y, the maximum of each window, and arg, the index of the
// window's first maximum in its example of x. A NaN counts as a maximum.
// x: (n, InH, InW, C), y and arg: (n, OutH, OutW, C). arg may be nil if there is
// to be no MaxBackward.
func (g *Pool2D) MaxForward(p *Pool, n int, x, y []float32, arg []int32) {
	pass, stride := p.isa.vector.maxWindow, g.InW*g.C
	g.each(p, n, nil, func(w window) {
		var at []int32
		if arg != nil {
			at = arg[w.out:][:g.C]
		}
		pass(y[w.out:][:g.C], at, x[w.in:], w.rows, w.cols, stride, w.first)
	})
}

// MaxBackward overwrites dx with dy, added up at the maxima that MaxForward
// found.
func (g *Pool2D) MaxBackward(p *Pool, n int, dy []float32, arg []int32, dx []float32) {
	pass, stride, sums := p.isa.vector.maxWindowBackward, g.InW*g.C, g.sums(dx)
	add := sums != nil
	g.each(p, n, sums, func(w window) {
		pass(dx[w.in:], dy[w.out:][:g.C], arg[w.out:][:g.C], w.rows, w.cols, stride, w.first, add)
	})
}

// AvgForward computes y, the mean of each window's pixels in the picture.
// x: (n, InH, InW, C), y: (n, OutH, OutW, C).
func (g *Pool2D) AvgForward(p *Pool, n int, x, y []float32) {
	pass, stride := p.isa.vector.meanWindow, g.InW*g.C
	g.each(p, n, nil, func(w window) {
		pass(y[w.out:][:g.C], x[w.in:], w.rows, w.cols, stride, float32(w.rows*w.cols))
	})
}

// AvgBackward overwrites dx with dy, shared equally by the pixels of its window.
func (g *Pool2D) AvgBackward(p *Pool, n int, dy, dx []float32) {
	pass, stride, sums := p.isa.vector.meanWindowBackward, g.InW*g.C, g.sums(dx)
	add := sums != nil
	g.each(p, n, sums, func(w window) {
		pass(dx[w.in:], dy[w.out:][:g.C], w.rows, w.cols, stride, float32(w.rows*w.cols), add)
	})
}
