package kernel

// Window is the geometry of a pooling layer. Windows begin PadTop rows above
// and PadLeft columns left of the picture; OutH and OutW say how far they go.
// Each must hold at least one pixel of the picture. Padding is never a value:
// it does not win a maximum and does not count in a mean.
type Window struct {
	InH, InW, C      int
	OutH, OutW       int
	PoolH, PoolW     int
	StrideH, StrideW int
	PadTop, PadLeft  int
}

// span returns the pixels [top, bottom) x [left, right) of the window of output
// (oy, ox) that are inside the picture.
func (g *Window) span(oy, ox int) (top, bottom, left, right int) {
	top, left = oy*g.StrideH-g.PadTop, ox*g.StrideW-g.PadLeft
	bottom, right = min(top+g.PoolH, g.InH), min(left+g.PoolW, g.InW)
	return max(top, 0), bottom, max(left, 0), right
}

// tiled reports whether every pixel is in exactly one window.
func (g *Window) tiled() bool {
	return g.PoolH == g.StrideH && g.OutH*g.StrideH-g.PadTop >= g.InH &&
		g.PoolW == g.StrideW && g.OutW*g.StrideW-g.PadLeft >= g.InW
}

// window is the part of one window that is inside the picture.
type window struct {
	first      int // its first element in its example
	rows, cols int // pixels
	out        int // its first element in the output of its example
}

// each calls f for the windows of one example, in order.
func (g *Window) each(f func(w window)) {
	for oy := range g.OutH {
		for ox := range g.OutW {
			top, bottom, left, right := g.span(oy, ox)
			f(window{(top*g.InW + left) * g.C, bottom - top, right - left, (oy*g.OutW + ox) * g.C})
		}
	}
}

// MaxForward computes y, the maximum of each window, and arg, the index of the
// window's first maximum in its example of x. A NaN counts as a maximum.
// x: (n, InH, InW, C), y and arg: (n, OutH, OutW, C). arg may be nil if there is
// to be no MaxBackward.
func (g *Window) MaxForward(p *Pool, n int, x, y []float32, arg []int32) {
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	p.Do(n, func(_, example int) {
		x, y, arg := x[example*in:][:in], y[example*out:][:out], arg
		if arg != nil {
			arg = arg[example*out:][:out]
		}
		g.each(func(w window) {
			var at []int32
			if arg != nil {
				at = arg[w.out:][:g.C]
			}
			p.isa.vector.maxWindow(y[w.out:][:g.C], at, x[w.first:], w.rows, w.cols, g.InW*g.C, w.first)
		})
	})
}

// MaxBackward overwrites dx with dy, added up at the maxima that MaxForward
// found.
func (g *Window) MaxBackward(p *Pool, n int, dy []float32, arg []int32, dx []float32) {
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	add := !g.tiled()
	p.Do(n, func(_, example int) {
		dx, dy, arg := dx[example*in:][:in], dy[example*out:][:out], arg[example*out:][:out]
		if add {
			clear(dx)
		}
		g.each(func(w window) {
			p.isa.vector.maxWindowBackward(dx[w.first:], dy[w.out:][:g.C], arg[w.out:][:g.C], w.rows, w.cols, g.InW*g.C, w.first, add)
		})
	})
}

// AvgForward computes y, the mean of each window's pixels in the picture.
// x: (n, InH, InW, C), y: (n, OutH, OutW, C).
func (g *Window) AvgForward(p *Pool, n int, x, y []float32) {
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	p.Do(n, func(_, example int) {
		x, y := x[example*in:][:in], y[example*out:][:out]
		g.each(func(w window) {
			p.isa.vector.meanWindow(y[w.out:][:g.C], x[w.first:], w.rows, w.cols, g.InW*g.C, float32(w.rows*w.cols))
		})
	})
}

// AvgBackward overwrites dx with dy, shared equally by the pixels of its window.
func (g *Window) AvgBackward(p *Pool, n int, dy, dx []float32) {
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	add := !g.tiled()
	p.Do(n, func(_, example int) {
		dx, dy := dx[example*in:][:in], dy[example*out:][:out]
		if add {
			clear(dx)
		}
		g.each(func(w window) {
			p.isa.vector.meanWindowBackward(dx[w.first:], dy[w.out:][:g.C], w.rows, w.cols, g.InW*g.C, float32(w.rows*w.cols), add)
		})
	})
}

// GlobalAvgForward computes the mean of each channel over a whole picture.
// x: (n, area, channels), y: (n, channels).
func GlobalAvgForward(p *Pool, n, area, channels int, x, y []float32) {
	globalWindow(area, channels).AvgForward(p, n, x, y)
}

// GlobalAvgBackward overwrites dx with dy/area. Shapes are GlobalAvgForward's.
func GlobalAvgBackward(p *Pool, n, area, channels int, dy, dx []float32) {
	globalWindow(area, channels).AvgBackward(p, n, dy, dx)
}

// globalWindow is one window over all of a picture.
func globalWindow(area, channels int) *Window {
	return &Window{InH: area, InW: 1, C: channels, OutH: 1, OutW: 1, PoolH: area, PoolW: 1, StrideH: 1, StrideW: 1}
}
