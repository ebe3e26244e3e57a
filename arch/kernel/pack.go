package kernel

// weights is the right operand of a convolution as a product: the filters, or the part
// of them that an input gradient meets, turned around.
type weights struct {
	data       []float32 // (kernelH, kernelW, inC, outC)
	kernelW    int
	inC, outC  int
	turned     bool
	rows, cols phase // of the input pixels, if turned
}

// pack copies rows [row, row+rows) and columns [col, col+cols) to dst, whose
// rows are stride apart. The rows are (kernelH, kernelW, inC) and the columns
// outC, or if turned (rows.taps, cols.taps, outC) and inC.
func (m *weights) pack(v *vector, dst []float32, stride, row, rows, col, cols int) {
	if m.turned {
		m.packTurned(v, dst, stride, row, rows, col, cols)
		return
	}
	v.copied(dst, stride, m.data[row*m.outC+col:], m.outC, rows, cols)
}

// copied copies a matrix, (rows, cols), whose rows are width apart, to dst, whose
// rows are stride apart.
func (v *vector) copied(dst []float32, stride int, src []float32, width, rows, cols int) {
	vectors := cols / 8
	if vectors > 0 && rows > 0 {
		v.copyRows(dst, stride, src, width, rows, vectors)
	}
	if rest := cols % 8; rest > 0 {
		for i := range rows {
			copy(dst[i*stride+8*vectors:][:rest], src[i*width+8*vectors:])
		}
	}
}

func (m *weights) packTurned(v *vector, dst []float32, stride, row, rows, col, cols int) {
	for rows > 0 {
		tap, out := row/m.outC, row%m.outC
		count := min(rows, m.outC-out)
		ky := m.rows.rest + (m.rows.taps-1-tap/m.cols.taps)*m.rows.stride
		kx := m.cols.rest + (m.cols.taps-1-tap%m.cols.taps)*m.cols.stride
		from := m.data[((ky*m.kernelW+kx)*m.inC+col)*m.outC+out:]
		v.transposed(dst, stride, from, m.outC, count, cols)
		dst = dst[min(count*stride, len(dst)):]
		row += count
		rows -= count
	}
}

// packPanels packs the panels [left, right), each all rows of its tile's columns.
func (m *weights) packPanels(dst []float32, isa *instructions, left, right, depth, cols int) {
	// A few rows of each panel in turn, so that weights are read in long pieces. Turned
	// ones are read by column, so they take more rows.
	most := 16
	if m.turned {
		most = 128
	}
	for row := 0; row < depth; row += most {
		rows := min(most, depth-row)
		for i := left; i < right; i++ {
			t, col, width := isa.panel(i, cols)
			panel := dst[(i-left)*isa.wide.cols*depth+row*t.cols:][:rows*t.cols]
			if width < t.cols {
				clear(panel)
			}
			m.pack(&isa.vector, panel, t.cols, row, rows, col, width)
		}
	}
}

// packing is the task that packs all panels of weights, one a chunk.
type packing struct {
	isa         *instructions
	weights     weights
	depth, cols int
	panels      []float32
}

func (k *packing) run(_ *worker, panel int) {
	k.weights.packPanels(k.panels[panel*k.isa.wide.cols*k.depth:], k.isa, panel, panel+1, k.depth, k.cols)
}

// pack packs weights of depth rows and cols columns for the products of a task.
func (p *Pool) pack(w weights, depth, cols int) []float32 {
	panels := p.isa.panels(cols)
	k := taskOf[packing](p)
	*k = packing{&p.isa, w, depth, cols, grow(&p.panels, panels*p.isa.wide.cols*depth)}
	p.do(panels, k)
	k.weights.data = nil // keeps no buffer alive
	return k.panels
}

// transposed copies the transpose of a matrix whose rows are width apart to dst,
// (rows, cols), whose rows are stride apart.
func (v *vector) transposed(dst []float32, stride int, src []float32, width, rows, cols int) {
	squares, whole := rows/8, 0
	if squares > 0 {
		for ; whole+8 <= cols; whole += 8 {
			v.transpose(dst[whole:], stride, src[whole*width:], width, squares)
		}
	}
	for j := range cols {
		first := 0
		if j < whole {
			first = 8 * squares
		}
		for i, value := range src[j*width+first:][:rows-first] {
			dst[(first+i)*stride+j] = value
		}
	}
}
