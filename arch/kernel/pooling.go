package kernel

import "math"

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

// MaxForward computes y, the maximum of each window, and arg, the index of the
// window's first maximum in its example of x. A NaN counts as a maximum.
// x: (n, InH, InW, C), y and arg: (n, OutH, OutW, C).
func (g *Window) MaxForward(p *Pool, n int, x, y []float32, arg []int32) {
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	p.Do(n, func(_, example int) {
		x, y, arg := x[example*in:][:in], y[example*out:][:out], arg[example*out:][:out]
		for oy := range g.OutH {
			for ox := range g.OutW {
				at := (oy*g.OutW + ox) * g.C
				g.maxWindow(oy, ox, x, y[at:at+g.C], arg[at:at+g.C])
			}
		}
	})
}

// maxWindow computes the maxima of one window, y and arg: (C).
func (g *Window) maxWindow(oy, ox int, x, y []float32, arg []int32) {
	top, bottom, left, right := g.span(oy, ox)
	first := (top*g.InW + left) * g.C
	copy(y, x[first:])
	for c := range arg {
		arg[c] = int32(first + c)
	}
	for iy := top; iy < bottom; iy++ {
		for ix := left; ix < right; ix++ {
			from := (iy*g.InW + ix) * g.C
			maxPixel(x[from:], y, arg, from)
		}
	}
}

// maxPixel takes the elements of a pixel that exceed the maxima so far. Which do
// is as good as random, so plain numbers are chosen without a branch.
func maxPixel(pixel, y []float32, arg []int32, from int) {
	pixel, arg = pixel[:len(y)], arg[:len(y)]
	for c, v := range pixel {
		best, at := y[c], arg[c]
		if best != best {
			continue // the first NaN stays
		}
		if v != v {
			y[c], arg[c] = v, int32(from+c)
			continue
		}
		larger, value, here := math.Float32bits(v), math.Float32bits(best), int32(from+c)
		if v > best {
			value = larger
		}
		if v > best {
			at = here
		}
		y[c], arg[c] = math.Float32frombits(value), at
	}
}

// MaxBackward overwrites dx with dy, added up at the maxima that MaxForward
// found.
func (g *Window) MaxBackward(p *Pool, n int, dy []float32, arg []int32, dx []float32) {
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	p.Do(n, func(_, example int) {
		dx, dy := dx[example*in:][:in], dy[example*out:][:out]
		clear(dx)
		for i, at := range arg[example*out:][:out] {
			dx[at] += dy[i]
		}
	})
}

// AvgForward computes y, the mean of each window's pixels in the picture.
// x: (n, InH, InW, C), y: (n, OutH, OutW, C).
func (g *Window) AvgForward(p *Pool, n int, x, y []float32) {
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	p.Do(n, func(_, example int) {
		x, y := x[example*in:][:in], y[example*out:][:out]
		for oy := range g.OutH {
			for ox := range g.OutW {
				g.meanWindow(oy, ox, x, y[(oy*g.OutW+ox)*g.C:][:g.C])
			}
		}
	})
}

// meanWindow computes the means of one window, y: (C).
func (g *Window) meanWindow(oy, ox int, x, y []float32) {
	top, bottom, left, right := g.span(oy, ox)
	clear(y)
	for iy := top; iy < bottom; iy++ {
		for ix := left; ix < right; ix++ {
			for c, v := range x[(iy*g.InW+ix)*g.C:][:len(y)] {
				y[c] += v
			}
		}
	}
	count := float32((bottom - top) * (right - left))
	for c := range y {
		y[c] /= count
	}
}

// AvgBackward overwrites dx with dy, shared equally by the pixels of its window.
func (g *Window) AvgBackward(p *Pool, n int, dy, dx []float32) {
	in, out := g.InH*g.InW*g.C, g.OutH*g.OutW*g.C
	p.Do(n, func(_, example int) {
		dx, dy := dx[example*in:][:in], dy[example*out:][:out]
		clear(dx)
		for oy := range g.OutH {
			for ox := range g.OutW {
				g.shareWindow(oy, ox, dy[(oy*g.OutW+ox)*g.C:][:g.C], dx)
			}
		}
	})
}

// shareWindow adds the gradient of one window's means, dy: (C), to its pixels.
func (g *Window) shareWindow(oy, ox int, dy, dx []float32) {
	top, bottom, left, right := g.span(oy, ox)
	count := float32((bottom - top) * (right - left))
	for iy := top; iy < bottom; iy++ {
		for ix := left; ix < right; ix++ {
			pixel := dx[(iy*g.InW+ix)*g.C:][:len(dy)]
			for c, v := range dy {
				pixel[c] += v / count
			}
		}
	}
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
