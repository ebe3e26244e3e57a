package kernel

// Buffers is how many elements, of four bytes each, the buffers of a [Pool] hold
// once certain kernels have run. It is known without running them.
type Buffers struct {
	panels, bias, partial, tables int
	scratch                       int // of each worker
}

// Max returns the buffers that hold what either holds: kernels run one after
// another in the same ones.
func (b Buffers) Max(other Buffers) Buffers {
	return Buffers{
		max(b.panels, other.panels), max(b.bias, other.bias), max(b.partial, other.partial),
		max(b.tables, other.tables), max(b.scratch, other.scratch),
	}
}

// Bytes returns the bytes of the buffers of a pool of so many threads.
func (b Buffers) Bytes(threads int) int64 {
	return 4 * (int64(b.panels) + int64(b.bias) + int64(b.partial) + int64(b.tables) + int64(threads)*int64(b.scratch))
}

// Buffers returns those that Forward and Backward, with dx, use for n examples in
// a pool of so many threads.
func (c *Conv2D) Buffers(n, threads int) Buffers { return c.buffers(&active, n, threads) }

func (c *Conv2D) buffers(isa *instructions, n, threads int) Buffers {
	wanted := chunksWanted(threads)
	q := c.windows(n, nil)
	b := q.correlationBuffers(isa, c.OutH*c.OutW*c.OutC, c.OutC, wanted)
	b = b.Max(c.filterBuffers(isa, &q, wanted))
	c.phases(func(rows, cols phase) {
		dz := c.phaseWindows(n, nil, rows, cols)
		b = b.Max(dz.correlationBuffers(isa, c.InH*c.InW*c.InC, c.InC, wanted))
	})
	return b
}

// correlationBuffers are those of correlate.
func (q *windows) correlationBuffers(isa *instructions, outPitch, cols, wanted int) Buffers {
	if q.n*q.outH*q.outW == 0 {
		return Buffers{}
	}
	g, panels, depth := q.cut(outPitch), isa.panels(cols), q.depth()
	b := Buffers{bias: panels * isa.wide.cols, tables: depth + 2*g.pixels(), scratch: g.floats()}
	panel := isa.wide.cols * depth
	if g.count() > 1 {
		b.panels = panels * panel
		return b
	}
	parts := min(wanted, panels)
	b.scratch += packedAtATime(ceil(panels, parts), panel) * panel
	return b
}

// filterBuffers are those of filterGradient.
func (c *Conv2D) filterBuffers(isa *instructions, q *windows, wanted int) Buffers {
	if q.n*c.OutH*c.OutW == 0 {
		return Buffers{}
	}
	g, size, panels := q.cut(0), c.window()*c.OutC, isa.panels(c.OutC)
	b := Buffers{bias: panels * isa.wide.cols, tables: c.window() + 2*g.pixels()}
	parts := g.parts(size)
	if parts > 1 {
		b.partial = parts * (size + c.OutC)
	}
	_, colBlocks, pitch := c.filterBlocks(isa, &g, parts, wanted)
	width := 0
	if g.count() == 1 {
		b.panels = panels * isa.wide.cols * g.pixels()
	} else {
		width = ceil(panels, colBlocks) * isa.wide.cols
	}
	b.scratch = g.floats() + g.pixels()*(pitch+width)
	return b
}
