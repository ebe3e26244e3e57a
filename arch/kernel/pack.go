package kernel

// weights is the right operand of a convolution as a product: the filters, or
// the part of them that gradients of the input meet, turned around.
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
func (m *weights) pack(dst []float32, stride, row, rows, col, cols int) {
	if m.turned {
		m.packTurned(dst, stride, row, rows, col, cols)
		return
	}
	packRows(dst, stride, m.data[row*m.outC+col:], m.outC, rows, cols)
}

// packRows copies a matrix whose rows are width apart.
func packRows(dst []float32, stride int, src []float32, width, rows, cols int) {
	for i := range rows {
		copy(dst[i*stride:][:cols], src[i*width:])
	}
}

func (m *weights) packTurned(dst []float32, stride, row, rows, col, cols int) {
	for rows > 0 {
		tap, out := row/m.outC, row%m.outC
		count := min(rows, m.outC-out)
		ky := m.rows.rest + (m.rows.taps-1-tap/m.cols.taps)*m.rows.stride
		kx := m.cols.rest + (m.cols.taps-1-tap%m.cols.taps)*m.cols.stride
		from := m.data[((ky*m.kernelW+kx)*m.inC+col)*m.outC+out:]
		transpose(dst, stride, from, m.outC, count, cols)
		dst = dst[min(count*stride, len(dst)):]
		row += count
		rows -= count
	}
}

// packPanel packs a panel: all rows of its tile's columns.
func (m *weights) packPanel(dst []float32, isa *instructions, panel, depth, cols int) {
	t, col, width := isa.panel(panel, cols)
	dst = dst[:depth*t.cols]
	if width < t.cols {
		clear(dst)
	}
	m.pack(dst, t.cols, 0, depth, col, width)
}

// packing is the task that packs all panels of weights, one a chunk.
type packing struct {
	isa         *instructions
	weights     weights
	depth, cols int
	panels      []float32
}

func (k *packing) run(_ *worker, panel int) {
	k.weights.packPanel(k.panels[panel*k.isa.wide.cols*k.depth:], k.isa, panel, k.depth, k.cols)
}

// pack packs weights of depth rows and cols columns for the products of a task.
func (p *Pool) pack(w weights, depth, cols int) []float32 {
	panels := p.isa.panels(cols)
	k := &p.packing
	*k = packing{&p.isa, w, depth, cols, grow(&p.panels, panels*p.isa.wide.cols*depth)}
	p.do(panels, k)
	k.weights.data = nil // keeps no buffer alive
	return k.panels
}

// transpose copies the transpose of a matrix whose rows are width apart to dst,
// (rows, cols), whose rows are stride apart.
func transpose(dst []float32, stride int, src []float32, width, rows, cols int) {
	// A few rows at a time stay in the first-level cache.
	const most = 64
	for first := 0; first < rows; first += most {
		for j := range cols {
			for i, v := range src[j*width+first:][:min(most, rows-first)] {
				dst[(first+i)*stride+j] = v
			}
		}
	}
}
