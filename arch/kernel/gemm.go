package kernel

// block is the part of a product C = A*B that a worker computes at a time: some rows of
// C and some panels of its columns, each as wide as a tile.
type block struct {
	a     []float32
	rows  []int32 // where each row of A begins in a
	pitch int     // from one row to the next, if they follow one another without a gap
	steps []int32 // where each element of a row is, from the row's start
	b     []float32
	depth int // of b; steps may be a part of it, beginning at from
	from  int
	cols  int // of B
	left  int // panels [left, right) are computed; b holds only those
	right int
	bias  []float32 // where sums start, padded to whole panels; nil: from c
	relu  bool
	c     []float32
	cRow  int     // from one row of C to the next, or
	cRows []int32 // where each begins, if they are not equally far apart
}

// panels returns the number of panels of so many columns.
func (isa *instructions) panels(cols int) int { return ceil(cols, isa.wide.cols) }

// panel returns the tile of a panel, its first column and its width. In memory every
// panel takes the place of a wide one.
func (isa *instructions) panel(i, cols int) (t *tile, col, width int) {
	col = i * isa.wide.cols
	width = min(isa.wide.cols, cols-col)
	if width <= isa.narrow.cols {
		return &isa.narrow, col, width
	}
	return &isa.wide, col, width
}

// run computes the block, tile by tile. A panel of B stays near the first-level cache
// while the rows of A go by.
func (b *block) run(isa *instructions, w *worker) {
	for i := b.left; i < b.right; i++ {
		t, col, width := isa.panel(i, b.cols)
		call := &w.call
		call.a, call.steps, call.relu = b.a, b.steps, b.relu
		call.b = b.b[(i-b.left)*isa.wide.cols*b.depth+b.from*t.cols:]
		call.bias = nil
		if b.bias != nil {
			call.bias = b.bias[col:]
		}
		whole := 0 // rows of whole tiles of C
		if b.cRows == nil && width == t.cols {
			whole = len(b.rows) / t.rows * t.rows
		}
		if whole > 0 {
			call.rows, call.c, call.cRow, call.ahead = b.rows[:whole], b.c[col:], b.cRow, t.rows*b.pitch
			t.multiplyAdd(call)
		}
		for row := whole; row < len(b.rows); row += t.rows {
			b.edge(t, w, row, col, width)
		}
	}
	w.call = tileCall{} // keeps no buffer alive
}

// edge computes a tile that C does not hold whole, or not in rows equally far apart, in
// a place of its own.
func (b *block) edge(t *tile, w *worker, row, col, width int) {
	call := &w.call
	call.rows, call.c, call.cRow, call.ahead = w.edgeRows[:t.rows], w.edge[:], t.cols, 0
	rows := min(t.rows, len(b.rows)-row)
	for i := range call.rows {
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
