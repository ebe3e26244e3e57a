package kernel

// Gradients of filters and biases are sums over all output pixels of a
// mini-batch. They are summed in parts, each a range of pixels, and the parts
// are added in order.
const (
	maxParts      = 16
	partPixels    = 1024    // a part has at least as many
	partialFloats = 1 << 22 // all parts together, if there are several
)

// parts returns how many parts a gradient of the given size is summed in. It
// depends on sizes only.
func parts(pixels, size int) int {
	return max(min(maxParts, pixels/partPixels, partialFloats/size), 1)
}

// joinParts computes dst as the sum of count parts of its length, one after
// another in partial.
func joinParts(p *Pool, dst, partial []float32, count int) {
	p.each(len(dst), func(from, to int) {
		out := dst[from:to]
		copy(out, partial[from:to])
		for part := 1; part < count; part++ {
			for i, v := range partial[part*len(dst)+from : part*len(dst)+to] {
				out[i] += v
			}
		}
	})
}

// filterGradient computes dw = transpose(patches) * dz.
func (c *Conv2D) filterGradient(p *Pool, n int, x, dz, dw []float32) {
	pixels, size := n*c.OutH*c.OutW, c.window()*c.OutC
	count := parts(pixels, size)
	partial := dw[:size]
	if count > 1 {
		partial = grow(&p.partial, count*size)
	}
	g := product{
		rows: c.window(), cols: c.OutC, depth: pixels,
		a:          c.patches(x).pack,
		b:          rowMajor(dz, c.OutC),
		transposed: true,
		parts:      count,
		store: func(sums []float32, part, row, col int) {
			copy(partial[part*size+row*c.OutC+col:], sums)
		},
	}
	g.run(p)
	if count > 1 {
		joinParts(p, dw[:size], partial, count)
	}
}

// biasGradient computes db as the sum of dz over all pixels.
func (c *Conv2D) biasGradient(p *Pool, n int, dz, db []float32) {
	pixels := n * c.OutH * c.OutW
	count := parts(pixels, c.OutC)
	length := ceil(pixels, count)
	partial := grow(&p.partial, count*c.OutC)
	p.Do(count, func(worker, part int) {
		from, to := part*length, min((part+1)*length, pixels)
		sumRows(partial[part*c.OutC:][:c.OutC], dz[from*c.OutC:to*c.OutC], p.Scratch(worker, c.OutC))
	})
	joinParts(p, db[:c.OutC], partial, count)
}

// sumRows adds up rows of len(dst). Sums of few rows are summed in turn, which
// keeps rounding errors small however many rows there are.
func sumRows(dst, data, few []float32) {
	const rows = 64
	clear(dst)
	width := len(dst)
	for len(data) > 0 {
		group := data[:min(rows*width, len(data))]
		data = data[len(group):]
		clear(few)
		for ; len(group) > 0; group = group[width:] {
			for i, v := range group[:width] {
				few[i] += v
			}
		}
		for i, v := range few {
			dst[i] += v
		}
	}
}

// inputGradient computes dx. An input pixel at row iy meets the outputs oy with
// oy*StrideH + ky = iy + PadTop, so all input rows that leave the same rest
// when iy + PadTop is divided by the stride meet the same rows of the filters,
// in neighbouring outputs. For each pair of rests (of rows and of columns), dx
// is therefore a convolution of dz with stride 1 and a part of the filters,
// turned around.
func (c *Conv2D) inputGradient(p *Pool, n int, w, dz, dx []float32) {
	for restY := range c.StrideH {
		rows := phaseOf(restY, c.StrideH, c.KernelH, c.InH, c.PadTop)
		for restX := range c.StrideW {
			cols := phaseOf(restX, c.StrideW, c.KernelW, c.InW, c.PadLeft)
			c.phaseGradient(p, n, w, dz, dx, rows, cols)
		}
	}
}

// phase is, in one direction, the input pixels of one rest: first, first+stride,
// ...; the taps of the filter that they meet: rest, rest+stride, ...; and where
// the window over the outputs begins for the first pixel.
type phase struct{ first, stride, pixels, rest, taps, begin int }

func phaseOf(rest, stride, kernel, in, pad int) phase {
	f := phase{stride: stride, rest: rest}
	f.first = ((rest-pad)%stride + stride) % stride
	f.pixels = max(ceil(in-f.first, stride), 0)
	f.taps = max(ceil(kernel-rest, stride), 0)
	// The tap rest meets output (first+pad-rest)/stride, later taps earlier ones.
	f.begin = (f.first+pad-rest)/stride - (f.taps - 1)
	return f
}

func (c *Conv2D) phaseGradient(p *Pool, n int, w, dz, dx []float32, rows, cols phase) {
	windows := patches{
		data: dz, h: c.OutH, w: c.OutW, c: c.OutC,
		kernelH: rows.taps, kernelW: cols.taps,
		strideH: 1, strideW: 1,
		top: -rows.begin, left: -cols.begin,
		outH: rows.pixels, outW: cols.pixels,
	}
	g := product{
		rows: n * rows.pixels * cols.pixels, cols: c.InC,
		depth: rows.taps * cols.taps * c.OutC,
		a:     windows.pack,
		b:     c.turned(w, rows, cols),
		store: func(sums []float32, _, row, col int) {
			x := row % cols.pixels
			y := row / cols.pixels % rows.pixels
			example := row / cols.pixels / rows.pixels
			iy, ix := rows.first+y*rows.stride, cols.first+x*cols.stride
			copy(dx[((example*c.InH+iy)*c.InW+ix)*c.InC+col:], sums)
		},
	}
	g.run(p)
}

// turned is the matrix of the filters' taps of a phase, the last first:
// (rows.taps, cols.taps, OutC) x InC.
func (c *Conv2D) turned(w []float32, rows, cols phase) matrix {
	return func(dst []float32, stride, row, count, col, width int) {
		for i := range count {
			out := (row + i) % c.OutC
			tap := (row + i) / c.OutC
			ky := rows.rest + (rows.taps-1-tap/cols.taps)*rows.stride
			kx := cols.rest + (cols.taps-1-tap%cols.taps)*cols.stride
			from := w[((ky*c.KernelW+kx)*c.InC+col)*c.OutC+out:]
			line := dst[i*stride:][:width]
			for j := range line {
				line[j] = from[j*c.OutC]
			}
		}
	}
}
