package kernel

// Buffers is how many elements, of four bytes each, the buffers of a [Pool] hold after
// certain kernels. It is known without running them.
type Buffers struct {
	panels, bias, partial, tables int
	scratch                       int // of each worker
}

// Max returns buffers large enough for both: kernels run one after another in the same
// ones.
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

// Buffers returns those that Forward and Backward, with dx, use for n examples in a pool
// of so many threads.
func (c *Conv2D) Buffers(n, threads int) Buffers { return c.buffers(&active, n, threads) }

func (c *Conv2D) buffers(isa *instructions, n, threads int) Buffers {
	chunks := chunksWanted(threads)
	q := c.windows(n, nil)
	forward := correlation{cols: c.OutC, pitch: [3]int{c.OutH * c.OutW * c.OutC}}
	b := forward.plan(isa, &q, chunks)
	b = b.Max(new(filterGradient).plan(isa, c, &q, chunks))
	c.phases(func(rows, cols phase) {
		dz := c.phaseWindows(n, nil, rows, cols)
		backward := correlation{cols: c.C, pitch: [3]int{c.InH * c.InW * c.C}}
		b = b.Max(backward.plan(isa, &dz, chunks))
	})
	return b
}
