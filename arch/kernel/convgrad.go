package kernel

// Gradients of filters and biases are sums over all output pixels of a mini-batch. Each
// part sums some groups of windows, and the parts are added in order.
const (
	maxParts      = 16
	partPixels    = 1024    // a part has about as many at least
	partialFloats = 1 << 22 // all parts together, if there are several
)

// parts returns how many parts a gradient of the given size is summed in. It depends on
// sizes alone.
func (g *groups) parts(size int) int {
	pixels := g.n * g.OutH * g.OutW
	return max(min(maxParts, pixels/partPixels, partialFloats/size, g.count()), 1)
}

// filterGradient is the task that computes dw = transpose(windows) * dz and db, the sum
// of dz over all pixels. A chunk is one part of the sums for a range of rows and columns
// of dw.
type filterGradient struct {
	isa                  *instructions
	groups               groups
	starts               []int32   // of the windows of a group
	values               []int32   // of a window, which are the rows of dw
	strip                strip     // of windows of one pixel
	dz                   []float32 // (pixels, cols)
	panels               []float32 // all of dz, packed, if there is only one group
	rows, cols           int
	zeros                []float32 // where the sums of a part start
	dw                   []float32 // (parts, rows, cols)
	db                   []float32 // (parts, cols)
	parts                int
	rowBlocks, colBlocks int
	width                int // columns that a chunk packs at most
	scratch              int // floats that a chunk needs
}

// stripColumns is about the largest width of a strip.
const stripColumns = 128

// strip is a copy of some columns of windows of one pixel. The pixels may be far apart,
// and at a distance of a power of two they share few sets of the cache, so a chunk copies
// the columns that it works on.
type strip struct {
	pitch  int // from one pixel to the next; 0: no copy
	starts []int32
}

// plan fits the task to the windows of c, for about so many chunks, and returns the
// buffers that it needs.
func (k *filterGradient) plan(isa *instructions, c *Conv2D, q *windows, chunks int) Buffers {
	if q.empty() {
		return Buffers{}
	}
	k.isa, k.groups, k.rows, k.cols = isa, q.cut(0), c.window(), c.OutC
	g, size, panels := &k.groups, k.rows*k.cols, isa.panels(k.cols)
	k.parts = g.parts(size)
	// A chunk packs its columns of dz, so rows are divided last. If all of dz is one
	// group, it is packed once for all chunks.
	k.colBlocks = 1
	if g.count() > 1 {
		k.colBlocks = min(ceil(chunks, k.parts), panels)
	}
	tiles := ceil(k.rows, isa.wide.rows)
	k.rowBlocks = min(ceil(chunks, k.parts*k.colBlocks), tiles)
	if c.SizeH == 1 && c.SizeW == 1 && !g.copied {
		k.rowBlocks = max(k.rowBlocks, ceil(k.rows, stripColumns))
		k.strip.pitch = paddedPitch(ceil(tiles, k.rowBlocks) * isa.wide.rows)
	}

	b := Buffers{bias: panels * isa.wide.cols, tables: k.rows + 2*g.pixels()}
	if k.parts > 1 {
		b.partial = k.parts * (size + k.cols)
	}
	if g.count() == 1 {
		b.panels = panels * isa.wide.cols * g.pixels()
	} else {
		k.width = ceil(panels, k.colBlocks) * isa.wide.cols
	}
	b.scratch = g.floats() + g.pixels()*(k.strip.pitch+k.width)
	k.scratch = b.scratch
	return b
}

func (c *Conv2D) filterGradient(p *Pool, n int, x, dz, dw, db []float32) {
	size := c.window() * c.OutC
	dw, db = dw[:size], db[:c.OutC]
	q := c.windows(n, x)
	if q.empty() {
		clear(dw)
		clear(db)
		return
	}
	k := taskOf[filterGradient](p)
	*k = filterGradient{dz: dz, dw: dw, db: db}
	buffers := k.plan(&p.isa, c, &q, chunksWanted(p.Threads()))
	if k.parts > 1 {
		partial := grow(&p.partial, buffers.partial)
		k.dw, k.db = partial[:k.parts*size], partial[k.parts*size:]
	}
	k.zeros = grow(&p.bias, buffers.bias)
	clear(k.zeros)
	tables, pixels := grow(&p.tables, buffers.tables), k.groups.pixels()
	k.values, k.starts = k.groups.steps(tables), k.groups.starts(tables[k.rows:])
	if buffers.panels > 0 {
		k.panels = p.pack(weights{data: dz, outC: k.cols}, pixels, k.cols)
	}
	if k.strip.pitch > 0 {
		k.strip.starts = offsets(tables[k.rows+pixels:], [3]int{1, 1, pixels}, [3]int{0, 0, k.strip.pitch})
	}
	p.do(k.parts*k.colBlocks*k.rowBlocks, k)
	if k.parts > 1 {
		p.join(dw, k.dw, k.parts)
		p.join(db, k.db, k.parts)
	}
	*k = filterGradient{} // keeps no buffer alive
}

func (k *filterGradient) run(w *worker, chunk int) {
	part, chunk := chunk/(k.rowBlocks*k.colBlocks), chunk%(k.rowBlocks*k.colBlocks)
	rowBlock, colBlock := chunk/k.colBlocks, chunk%k.colBlocks
	wide, panels := k.isa.wide.cols, k.isa.panels(k.cols)
	b := block{
		cols:  k.cols,
		left:  colBlock * panels / k.colBlocks,
		right: (colBlock + 1) * panels / k.colBlocks,
		bias:  k.zeros,
		cRow:  k.cols,
	}
	// Whole tiles of rows.
	tiles := ceil(k.rows, k.isa.wide.rows)
	top := rowBlock * tiles / k.rowBlocks * k.isa.wide.rows
	bottom := min((rowBlock+1)*tiles/k.rowBlocks*k.isa.wide.rows, k.rows)
	b.rows = k.values[top:bottom]
	b.c = k.dw[(part*k.rows+top)*k.cols:]

	var db []float32
	if rowBlock == 0 {
		db = k.db[part*k.cols:][b.left*wide : min(b.right*wide, k.cols)]
		clear(db)
	}
	g := &k.groups
	most := g.pixels()
	scratch := w.floats(k.scratch)
	pictures, scratch := scratch[:g.floats()], scratch[g.floats():]
	columns, packed := scratch[:most*k.strip.pitch], scratch[most*k.strip.pitch:]
	for i := part * g.count() / k.parts; i < (part+1)*g.count()/k.parts; i++ {
		at := g.at(i)
		b.depth = at.examples * at.lines * g.OutW
		b.a, b.steps = g.load(pictures, at), k.starts[:b.depth]
		if k.strip.pitch > 0 {
			for j, start := range b.steps {
				copy(columns[j*k.strip.pitch:][:bottom-top], b.a[int(start)+top:])
			}
			b.a, b.steps, b.rows = columns, k.strip.starts[:b.depth], k.values[:bottom-top]
		}
		dz := k.dz[((at.example*g.OutH+at.line)*g.OutW)*k.cols:][:b.depth*k.cols]
		switch {
		case k.panels != nil:
			b.b = k.panels
		case k.cols == wide:
			b.b = dz // is a panel
		default:
			own := weights{data: dz, outC: k.cols}
			own.packPanels(packed, k.isa, b.left, b.right, b.depth, k.cols)
			b.b = packed
		}
		if db != nil {
			k.addBias(w, db, &b)
		}
		b.run(k.isa, w)
		b.bias = nil
	}
}

// addBias adds the sums of the columns of the block's panels to db.
func (k *filterGradient) addBias(w *worker, db []float32, b *block) {
	sums, few := w.edge[:maxTileCols], w.edge[maxTileCols:]
	for i := b.left; i < b.right; i++ {
		t, _, width := k.isa.panel(i, k.cols)
		panel := b.b[(i-b.left)*k.isa.wide.cols*b.depth:][:t.cols*b.depth]
		k.isa.vector.sumRows(sums[:t.cols], panel, few[:t.cols])
		k.isa.vector.addRows(db[:width], sums[:width])
		db = db[width:]
	}
}

// join computes dst as the sum of count parts of its length, one after another in
// partial.
func (p *Pool) join(dst, partial []float32, count int) {
	k := taskOf[joining](p)
	*k = joining{&p.isa, dst, partial, count}
	p.do(ceil(len(dst), elements), k)
	*k = joining{}
}

// joining is a join in progress.
type joining struct {
	isa          *instructions
	dst, partial []float32
	count        int
}

func (k *joining) run(_ *worker, chunk int) {
	from, to := chunk*elements, min((chunk+1)*elements, len(k.dst))
	out := k.dst[from:to]
	copy(out, k.partial[from:to])
	for part := 1; part < k.count; part++ {
		k.isa.vector.addRows(out, k.partial[part*len(k.dst)+from:part*len(k.dst)+to])
	}
}

// paddedPitch rounds a number of floats up to an odd number of cache lines, so that rows
// at that distance spread over all sets of the cache.
func paddedPitch(floats int) int { return (ceil(floats, 16) | 1) * 16 }
