package kernel

// matrix is an operand of a product: a function that copies a part of it,
// rows [row, row+rows) and columns [col, col+cols), to dst, where rows are
// stride apart. Elements of dst beyond those are left alone.
type matrix func(dst []float32, stride, row, rows, col, cols int)

// rowMajor is a matrix in memory, with rows of the given width.
func rowMajor(data []float32, width int) matrix {
	return func(dst []float32, stride, row, rows, col, cols int) {
		for i := range rows {
			copy(dst[i*stride:][:cols], data[(row+i)*width+col:])
		}
	}
}

// patches is the matrix of the windows of n pictures, one row for each output
// pixel of a convolution, in the order (example, y, x). A row holds the window's
// pixels (kernelH, kernelW, c), with zeros where it reaches out of the picture.
type patches struct {
	data             []float32 // (n, h, w, c)
	h, w, c          int
	kernelH, kernelW int
	strideH, strideW int
	top, left        int // how far the first window begins outside; negative: inside
	outH, outW       int
}

func (q *patches) pack(dst []float32, stride, row, rows, col, cols int) {
	// One line of the window is contiguous in the picture.
	run := q.kernelW * q.c
	firstLine, firstAt := col/run, col%run
	x := row % q.outW
	y := row / q.outW % q.outH
	example := row / q.outW / q.outH
	for i := range rows {
		picture := q.data[example*q.h*q.w*q.c:]
		top, left := y*q.strideH-q.top, x*q.strideW-q.left
		// The part [from, to) of every line is inside the picture.
		from := min(max(-left, 0), q.kernelW) * q.c
		to := max(min(q.w-left, q.kernelW)*q.c, from)

		out := dst[i*stride:][:cols]
		at := firstAt
		for line := top + firstLine; len(out) > 0; line++ {
			part := out[:min(run-at, len(out))]
			if line < 0 || line >= q.h {
				clear(part)
			} else {
				copyInside(part, picture, (line*q.w+left)*q.c, at, from, to)
			}
			out = out[len(part):]
			at = 0
		}

		if x++; x == q.outW {
			x = 0
			if y++; y == q.outH {
				y = 0
				example++
			}
		}
	}
}

// copyInside copies elements [at, at+len(dst)) of a window's line, which begins
// at picture[origin] (perhaps outside), with zeros outside [from, to).
func copyInside(dst, picture []float32, origin, at, from, to int) {
	end := at + len(dst)
	if from <= at && end <= to { // the usual case
		copy(dst, picture[origin+at:])
		return
	}
	from = min(max(from, at), end)
	to = max(min(to, end), from)
	clear(dst[:from-at])
	if from < to {
		copy(dst[from-at:to-at], picture[origin+from:origin+to])
	}
	clear(dst[to-at:])
}
