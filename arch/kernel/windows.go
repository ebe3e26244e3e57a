package kernel

import "math"

// windows is the matrix of the windows of pictures: a row for each output pixel of a
// convolution, in the order (example, y, x), holds the window's values (kernelH, kernelW,
// c). The matrix is never in memory: tiles read the pictures themselves, or copies of a
// few of them with zeros around.
type windows struct {
	data             []float32 // (n, h, w, c)
	n, h, w, c       int
	kernelH, kernelW int
	strideH, strideW int
	top, left        int // how far the first window begins outside; negative: inside
	outH, outW       int
}

// depth returns the length of a row.
func (q *windows) depth() int { return q.kernelH * q.kernelW * q.c }

// empty reports whether there are no windows.
func (q *windows) empty() bool { return q.n*q.outH*q.outW == 0 }

// inside reports whether no window reaches out of its picture.
func (q *windows) inside() bool {
	return q.top <= 0 && q.left <= 0 &&
		(q.outH-1)*q.strideH-q.top+q.kernelH <= q.h &&
		(q.outW-1)*q.strideW-q.left+q.kernelW <= q.w
}

// Groups are cut so that what a worker reads stays in the second-level cache.
const (
	groupPixels = 512     // at most as many rows in a group, but at least one line
	groupFloats = 1 << 18 // at most about as many floats of pictures
)

// groups is how windows are cut into groups: some whole examples each, or a
// band of lines of a large example. It depends on sizes only.
type groups struct {
	windows
	examples, lines int // output lines, of each example
	bands           int // groups of an example; with several, examples is 1
	copied          bool
	linePitch       int // from one line to the next, in the pictures or the copy
	examplePitch    int
}

// cut divides the windows into groups. Within a group, offsets in the pictures and in
// outputs whose examples are outPitch apart fit into 32 bits, as tiles need.
func (q *windows) cut(outPitch int) groups {
	g := groups{windows: *q, examples: 1, lines: q.outH, copied: !q.inside()}
	if q.outH*q.outW > groupPixels {
		g.lines = max(1, groupPixels/q.outW)
	}
	g.bands = ceil(q.outH, g.lines)
	g.linePitch, g.examplePitch = q.w*q.c, q.h*q.w*q.c
	if g.copied {
		g.linePitch = ((q.outW-1)*q.strideW + q.kernelW) * q.c
		g.examplePitch = g.inputLines(g.lines) * g.linePitch
	}
	if g.bands == 1 {
		// Pictures that are read where they are go by in blocks of depth.
		floats := g.examplePitch
		if !g.copied {
			floats = min(floats, depthBlock)
		}
		most := min(groupPixels/(q.outH*q.outW), groupFloats/floats, math.MaxInt32/max(g.examplePitch, outPitch))
		g.examples = min(max(1, most), q.n)
	}
	return g
}

// pitch returns the distance of windows that follow one another in memory without a gap,
// 0 if they do not.
func (g *groups) pitch() int {
	depth := g.depth()
	if g.copied || g.strideW*g.c != depth || g.strideH*g.linePitch != g.outW*depth {
		return 0
	}
	return depth
}

// inputLines returns how many lines of a picture make the given number of
// output lines.
func (q *windows) inputLines(lines int) int { return (lines-1)*q.strideH + q.kernelH }

// count returns the number of groups.
func (g *groups) count() int { return ceil(g.n, g.examples) * g.bands }

// group is the examples [example, example+examples) with their output lines
// [line, line+lines).
type group struct{ example, examples, line, lines int }

func (g *groups) at(i int) group {
	example, line := i/g.bands*g.examples, i%g.bands*g.lines
	return group{example, min(g.examples, g.n-example), line, min(g.lines, g.outH-line)}
}

// pixels returns the number of windows in the largest group.
func (g *groups) pixels() int { return g.examples * g.lines * g.outW }

// floats returns the size of the copy of the largest group, 0 if none is copied.
func (g *groups) floats() int {
	if !g.copied {
		return 0
	}
	return g.examples * g.examplePitch
}

// starts returns where each window of a group begins. Smaller groups use the first of
// them.
func (g *groups) starts(dst []int32) []int32 {
	pitch := [3]int{g.examplePitch, g.strideH * g.linePitch, g.strideW * g.c}
	return offsets(dst, [3]int{g.examples, g.lines, g.outW}, pitch)
}

// steps returns where each value of a window is, from the window's start.
func (g *groups) steps(dst []int32) []int32 {
	return offsets(dst, [3]int{g.kernelH, g.kernelW, g.c}, [3]int{g.linePitch, g.c, 1})
}

// offsets fills dst with the offsets of the elements of a three-dimensional array.
func offsets(dst []int32, shape, pitch [3]int) []int32 {
	i := 0
	for x := range shape[0] {
		for y := range shape[1] {
			at := x*pitch[0] + y*pitch[1]
			for range shape[2] {
				dst[i] = int32(at)
				at += pitch[2]
				i++
			}
		}
	}
	return dst[:i]
}

// load returns the pictures of a group, which starts and steps index. dst is for the
// copy, if one is needed: floats long.
func (g *groups) load(dst []float32, at group) []float32 {
	first := at.line*g.strideH - g.top
	if !g.copied {
		return g.data[at.example*g.examplePitch+first*g.linePitch-g.left*g.c:]
	}
	height, width := g.inputLines(at.lines), g.linePitch/g.c
	// Columns [from, to) of a copied line are inside the picture.
	from := min(max(g.left, 0), width)
	to := max(min(g.w+g.left, width), from)
	for example := range at.examples {
		picture := g.data[(at.example+example)*g.h*g.w*g.c:]
		lines := dst[example*g.examplePitch:]
		for i := range height {
			line, y := lines[i*g.linePitch:][:g.linePitch], first+i
			if y < 0 || y >= g.h {
				clear(line)
				continue
			}
			clear(line[:from*g.c])
			copy(line[from*g.c:to*g.c], picture[(y*g.w+from-g.left)*g.c:])
			clear(line[to*g.c:])
		}
	}
	return dst
}
