package kernel

// correlation is the task behind a convolution and the gradient of its input: the
// product of windows and weights. A chunk is a group of windows and some panels.
type correlation struct {
	isa     *instructions
	groups  groups
	starts  []int32 // of the windows of a group
	steps   []int32 // of the values of a window
	weights weights
	panels  []float32 // all weights, packed; nil: each chunk packs what it needs
	bias    []float32 // padded to whole panels
	cols    int
	parts   int // chunks that share the panels
	few     int // panels that a chunk packs at a time, where each packs its own
	scratch int // floats that a chunk needs
	act     Activation

	// An output pixel of example e, line y, column x is at out[origin + e*pitch[0]
	// + y*pitch[1] + x*pitch[2]]. places holds those of a group; nil: they follow one
	// another.
	out    []float32
	origin int
	pitch  [3]int
	places []int32
	y      []float32 // the activation of out; may be out
}

// depthBlock is how much of a panel is used at a time: it stays in the
// second-level cache.
const depthBlock = 1024

// packedFloats is how much is packed at a time: several panels, since rows of
// weights are read faster in long pieces.
const packedFloats = 1 << 16

// plan fits the task to windows, for about so many chunks, and returns the buffers that
// it needs.
func (k *correlation) plan(isa *instructions, q *windows, chunks int) Buffers {
	if q.empty() {
		return Buffers{}
	}
	k.isa, k.groups = isa, q.cut(k.pitch[0])
	g, panels, depth := &k.groups, isa.panels(k.cols), q.depth()
	panel := isa.wide.cols * depth
	k.parts = min(ceil(chunks, g.count()), panels)
	b := Buffers{bias: panels * isa.wide.cols, tables: depth + 2*g.pixels(), scratch: g.floats()}
	if g.count() > 1 {
		b.panels = panels * panel
	} else {
		k.few = max(1, min(ceil(panels, k.parts), packedFloats/panel))
		b.scratch += k.few * panel
	}
	k.scratch = b.scratch
	return b
}

// correlate computes out = act(windows*weights + bias), with bias nil for zeros.
// act is linear unless the output pixels follow one another.
func (p *Pool) correlate(q *windows, w weights, bias []float32, k correlation) {
	if q.empty() {
		return
	}
	buffers := k.plan(&p.isa, q, chunksWanted(p.Threads()))
	g, depth := &k.groups, q.depth()
	k.weights = w
	if buffers.panels > 0 {
		k.panels = p.pack(w, depth, k.cols)
	}
	k.bias = grow(&p.bias, buffers.bias)
	clear(k.bias[copy(k.bias, bias):])

	tables := grow(&p.tables, buffers.tables)
	k.steps, k.starts = g.steps(tables), g.starts(tables[depth:])
	if !(k.pitch[2] == k.cols && k.pitch[1] == k.cols*q.OutW && (k.pitch[0] == k.pitch[1]*q.OutH || g.examples == 1)) {
		k.places = offsets(tables[depth+g.pixels():], [3]int{g.examples, g.lines, q.OutW}, k.pitch)
	}
	own := taskOf[correlation](p)
	*own = k
	p.do(g.count()*k.parts, own)
	*own = correlation{} // keeps no buffer alive
}

func (k *correlation) run(w *worker, chunk int) {
	at, part := k.groups.at(chunk/k.parts), chunk%k.parts
	panels, wide := k.isa.panels(k.cols), k.isa.wide.cols
	left, right := part*panels/k.parts, (part+1)*panels/k.parts
	pixels := at.examples * at.lines * k.groups.OutW
	start := k.origin + at.example*k.pitch[0] + at.line*k.pitch[1]

	b := block{
		rows: k.starts[:pixels], pitch: k.groups.pitch(), cols: k.cols, depth: len(k.steps),
		c: k.out[start:], cRow: k.cols,
	}
	if k.places != nil {
		b.cRows = k.places[:pixels]
	}
	scratch := w.floats(k.scratch)
	b.a = k.groups.load(scratch[:k.groups.floats()], at)
	packed := scratch[k.groups.floats():]
	for b.left = left; b.left < right; b.left++ {
		b.right = b.left + 1
		if k.panels != nil {
			b.b = k.panels[b.left*wide*b.depth:]
		} else {
			i := (b.left - left) % k.few
			if i == 0 {
				k.weights.packPanels(packed, k.isa, b.left, min(b.left+k.few, right), b.depth, k.cols)
			}
			b.b = packed[i*wide*b.depth:]
		}
		b.bias = k.bias
		for b.from = 0; b.from < b.depth; b.from += len(b.steps) {
			b.steps = k.steps[b.from:min(b.from+depthBlock, b.depth)]
			b.relu = k.act == ReLU && b.from+len(b.steps) == b.depth
			b.run(k.isa, w)
			b.bias = nil
		}
	}
	k.activate(start, pixels, left*wide, min(right*wide, k.cols))
}

// activate applies the activation to columns [left, right) of finished pixels,
// unless the tiles did.
func (k *correlation) activate(start, pixels, left, right int) {
	if k.act == Linear || k.act == ReLU {
		return
	}
	if right-left == k.cols {
		end := start + pixels*k.cols
		k.isa.vector.forward[k.act](k.y[start:end], k.out[start:end])
		return
	}
	for i := range pixels {
		from, to := start+i*k.cols+left, start+i*k.cols+right
		k.isa.vector.forward[k.act](k.y[from:to], k.out[from:to])
	}
}
