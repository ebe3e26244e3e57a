package kernel

// product is C = bias + A*B, computed block by block. A and B are never in
// memory as a whole unless they already are: their blocks are packed when they
// are needed, which makes a convolution a product.
//
// A block of C is summed in the worker's scratch, starting from the bias, and
// handed to store. Each of its elements is one chain of additions in the order
// of depth, so neither the blocks' sizes nor the threads change a bit.
type product struct {
	rows, cols, depth int

	a    matrix    // rows x depth, or depth x rows if transposed
	b    matrix    // depth x cols
	bias []float32 // cols, or nil for zeros

	// transposed is for sums over a mini-batch: A comes as its transpose, depth
	// is long, and C is computed as that many parts, one for each of equal
	// ranges of depth. B is packed anew by each block, not once for all.
	transposed bool
	parts      int

	store func(sums []float32, part, row, col int) // takes a piece of a finished row of C
}

// extent is the size of a block: rows x cols of C, and how deep the blocks of A
// and B are that are packed at a time.
type extent struct{ rows, cols, depth int }

// The largest blocks. A panel of B stays near the first-level cache; a block of
// A and its sums fit in the second. A block that packs B for itself needs many
// rows to make up for it.
var (
	largest           = extent{rows: 112, cols: 512, depth: 384}
	largestTransposed = extent{rows: 448, cols: 512, depth: 128}
)

// fewBlocks are too few for threads to share: blocks are made smaller then.
const fewBlocks = 32

// blocking is how a product is cut.
type blocking struct {
	extent               // rows and cols are whole tiles
	rowBlocks, colBlocks int
	part                 int // the depth of a part
}

// cut chooses the blocks of a product, which must have rows and columns.
func (g *product) cut(t tile) blocking {
	most, parts := largest, 1
	if g.transposed {
		most, parts = largestTransposed, g.parts
	}
	rows := min(most.rows/t.rows, ceil(g.rows, t.rows)) * t.rows
	cols := min(most.cols/t.cols, ceil(g.cols, t.cols)) * t.cols
	few := func() bool { return parts*ceil(g.rows, rows)*ceil(g.cols, cols) < fewBlocks }
	for few() && rows >= 4*t.rows {
		rows = ceil(rows/2, t.rows) * t.rows
	}
	for few() && cols >= 8*t.cols {
		cols = ceil(cols/2, t.cols) * t.cols
	}
	part := ceil(g.depth, parts)
	// Blocks of equal depth, rather than a shallow last one.
	depth := max(1, ceil(part, max(1, ceil(part, most.depth))))
	return blocking{extent{rows, cols, depth}, ceil(g.rows, rows), ceil(g.cols, cols), part}
}

// run computes the product.
func (g *product) run(p *Pool) {
	if g.rows == 0 {
		return
	}
	t, cut := p.isa.tile, g.cut(p.isa.tile)
	parts, panels := g.parts, []float32(nil)
	if !g.transposed {
		parts, panels = 1, grow(&p.panels, ceil(g.cols, t.cols)*t.cols*g.depth)
		p.Do(ceil(g.cols, t.cols), func(_, panel int) {
			g.packPanel(t, panels[panel*t.cols*g.depth:], panel*t.cols, 0, g.depth)
		})
	}
	blocks := cut.rowBlocks * cut.colBlocks
	p.Do(parts*blocks, func(worker, chunk int) {
		part, block := chunk/blocks, chunk%blocks
		row, col := block/cut.colBlocks*cut.rows, block%cut.colBlocks*cut.cols
		g.block(p, worker, cut, part, row, col, panels)
	})
}

// packPanel packs a panel of B: the columns of one tile, rows [from, from+depth).
func (g *product) packPanel(t tile, dst []float32, col, from, depth int) {
	dst = dst[:depth*t.cols]
	cols := min(t.cols, g.cols-col)
	if cols < t.cols {
		clear(dst)
	}
	g.b(dst, t.cols, from, depth, col, cols)
}

// block computes a part of the block of C that begins at (row, col). panels
// holds all of B, packed, or is nil: then the block packs what it needs of B.
func (g *product) block(p *Pool, worker int, cut blocking, part, row, col int, panels []float32) {
	t := p.isa.tile
	rows, cols := min(cut.rows, g.rows-row), min(cut.cols, g.cols-col)
	// Whole tiles are computed: what sticks out is not stored.
	tileRows, tileCols := ceil(rows, t.rows)*t.rows, ceil(cols, t.cols)*t.cols

	// Element (i, l) of a packed block of A is at i*aRow + l*aDepth.
	aRow, aDepth, aFloats := line(cut.depth), 1, tileRows*line(cut.depth)
	if g.transposed {
		aRow, aDepth, aFloats = 1, line(tileRows), cut.depth*line(tileRows)
	}
	scratch := p.Scratch(worker, tileRows*tileCols+aFloats+cut.depth*t.cols)
	sums, scratch := scratch[:tileRows*tileCols], scratch[tileRows*tileCols:]
	a, own := scratch[:aFloats], scratch[aFloats:]

	for i := range rows {
		g.start(sums[i*tileCols:][:tileCols], col)
	}
	clear(sums[rows*tileCols:])
	if rows < tileRows {
		clear(a)
	}
	end := min((part+1)*cut.part, g.depth)
	for from := part * cut.part; from < end; from += cut.depth {
		depth := min(cut.depth, end-from)
		if g.transposed {
			g.a(a, aDepth, from, depth, row, rows)
		} else {
			g.a(a, aRow, row, rows, from, depth)
		}
		for j := 0; j < tileCols; j += t.cols {
			panel := own
			if panels == nil {
				g.packPanel(t, panel, col+j, from, depth)
			} else {
				panel = panels[(col+j)*g.depth+from*t.cols:]
			}
			for i := 0; i < tileRows; i += t.rows {
				t.multiplyAdd(depth, a[i*aRow:], aRow, aDepth, panel, sums[i*tileCols+j:], tileCols)
			}
		}
	}
	for i := range rows {
		g.store(sums[i*tileCols:][:cols], part, row+i, col)
	}
}

// start fills a row of sums with the bias of its columns.
func (g *product) start(sums []float32, col int) {
	given := 0
	if g.bias != nil {
		given = copy(sums, g.bias[col:])
	}
	clear(sums[given:])
}

// line rounds a number of floats up to an odd number of cache lines, so that
// rows that far apart do not all fall into one set of the cache.
func line(floats int) int { return (ceil(floats, 16) | 1) * 16 }
