package kernel

// block is the part of a product C = A*B that a worker computes at a time: some
// rows of C, and of its columns some panels, each as wide as a tile.
type block struct {
	a     []float32
	rows  []int32 // where each row of A begins in a
	dense bool    // each row begins where the one before ends
	steps []int32 // where each element of a row is, from where it begins
	b     []float32
	depth int // of b, of which steps may be a part, beginning at from
	from  int
	cols  int // of B
	left  int // panels [left, right) are computed; b holds those only
	right int
	bias  []float32 // where sums start, padded to whole panels; nil: from c
	relu  bool
	c     []float32
	cRow  int     // from one row of C to the next, or
	cRows []int32 // where each begins, if they are not equally far apart
}

// panels returns the number of panels of so many columns.
func (isa *instructions) panels(cols int) int { return ceil(cols, isa.wide.cols) }

// panel returns the tile of a panel, its first column and how many it has. The
// panel takes up the place of a wide one.
func (isa *instructions) panel(i, cols int) (t *tile, col, width int) {
	col = i * isa.wide.cols
	width = min(isa.wide.cols, cols-col)
	if width <= isa.narrow.cols {
		return &isa.narrow, col, width
	}
	return &isa.wide, col, width
}

// run computes the block, tile by tile. A panel of B stays near the first-level
// cache while the rows of A go by.
func (b *block) run(isa *instructions, w *worker) {
	for i := b.left; i < b.right; i++ {
		t, col, width := isa.panel(i, b.cols)
		call := &w.call
		call.a, call.steps, call.relu = b.a, b.steps, b.relu
		call.b = b.b[(i-b.left)*isa.wide.cols*b.depth+b.from*t.cols:]
		call.bias, call.ahead = nil, 0
		if b.bias != nil {
			call.bias = b.bias[col:]
		}
		for row := 0; row < len(b.rows); row += t.rows {
			if b.dense {
				// Rows are too short for the processor to see a stream.
				call.ahead = b.rows[min(row+t.rows, len(b.rows)-1)]
			}
			if b.cRows == nil && width == t.cols && len(b.rows)-row >= t.rows {
				copy(call.rows[:t.rows], b.rows[row:])
				call.c, call.cRow = b.c[row*b.cRow+col:], b.cRow
				t.multiplyAdd(call)
			} else {
				b.edge(t, w, row, col, width)
			}
		}
	}
}

// edge computes a tile that C does not hold whole, or not in equal rows: in a
// place of its own.
func (b *block) edge(t *tile, w *worker, row, col, width int) {
	call := &w.call
	call.c, call.cRow = w.edge[:], t.cols
	rows := min(t.rows, len(b.rows)-row)
	for i := range t.rows {
		call.rows[i] = b.rows[row+min(i, rows-1)]
	}
	if b.bias == nil {
		for i := range rows {
			copy(w.edge[i*t.cols:][:width], b.c[b.start(row+i)+col:])
		}
	}
	t.multiplyAdd(call)
	for i := range rows {
		copy(b.c[b.start(row+i)+col:][:width], w.edge[i*t.cols:])
	}
}

// start returns where a row of C begins.
func (b *block) start(row int) int {
	if b.cRows != nil {
		return int(b.cRows[row])
	}
	return row * b.cRow
}
