package kernel

import "math"

// Window is how a kernel or a pool slides over pictures. Windows begin PadTop rows above
// and PadLeft columns left of the picture; OutH and OutW say how far they go, so padding
// at the bottom and right is implied and may differ.
type Window struct {
	InH, InW, C      int
	OutH, OutW       int
	SizeH, SizeW     int
	StrideH, StrideW int
	PadTop, PadLeft  int // negative: windows begin inside
}

// windows is the matrix of the windows of pictures: a row for each output pixel of a
// convolution, in the order (example, y, x), holds the window's values (SizeH, SizeW, C).
// The matrix is never in memory: tiles read the pictures themselves, or copies of a few
// of them with zeros around.
type windows struct {
	Window
	data []float32 // (n, InH, InW, C)
	n    int
}

// depth returns the length of a row.
func (q *windows) depth() int { return q.SizeH * q.SizeW * q.C }

// empty reports whether there are no windows.
func (q *windows) empty() bool { return q.n*q.OutH*q.OutW == 0 }

// inside reports whether no window reaches out of its picture.
func (q *windows) inside() bool {
	return q.PadTop <= 0 && q.PadLeft <= 0 &&
		(q.OutH-1)*q.StrideH-q.PadTop+q.SizeH <= q.InH &&
		(q.OutW-1)*q.StrideW-q.PadLeft+q.SizeW <= q.InW
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
	g := groups{windows: *q, examples: 1, lines: q.OutH, copied: !q.inside()}
	if q.OutH*q.OutW > groupPixels {
		g.lines = max(1, groupPixels/q.OutW)
	}
	g.bands = ceil(q.OutH, g.lines)
	g.linePitch, g.examplePitch = q.InW*q.C, q.InH*q.InW*q.C
	if g.copied {
		g.linePitch = ((q.OutW-1)*q.StrideW + q.SizeW) * q.C
		g.examplePitch = g.inputLines(g.lines) * g.linePitch
	}
	if g.bands == 1 {
		// Pictures that are read where they are go by in blocks of depth.
		floats := g.examplePitch
		if !g.copied {
			floats = min(floats, depthBlock)
		}
		most := min(groupPixels/(q.OutH*q.OutW), groupFloats/floats, math.MaxInt32/max(g.examplePitch, outPitch))
		g.examples = min(max(1, most), q.n)
	}
	return g
}

// pitch returns the distance of windows that follow one another in memory without a gap,
// 0 if they do not.
func (g *groups) pitch() int {
	depth := g.depth()
	if g.copied || g.StrideW*g.C != depth || g.StrideH*g.linePitch != g.OutW*depth {
		return 0
	}
	return depth
}

// inputLines returns how many lines of a picture make the given number of
// output lines.
func (q *windows) inputLines(lines int) int { return (lines-1)*q.StrideH + q.SizeH }

// count returns the number of groups.
func (g *groups) count() int { return ceil(g.n, g.examples) * g.bands }

// group is the examples [example, example+examples) with their output lines
// [line, line+lines).
type group struct{ example, examples, line, lines int }

func (g *groups) at(i int) group {
	example, line := i/g.bands*g.examples, i%g.bands*g.lines
	return group{example, min(g.examples, g.n-example), line, min(g.lines, g.OutH-line)}
}

// pixels returns the number of windows in the largest group.
func (g *groups) pixels() int { return g.examples * g.lines * g.OutW }

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
	pitch := [3]int{g.examplePitch, g.StrideH * g.linePitch, g.StrideW * g.C}
	return offsets(dst, [3]int{g.examples, g.lines, g.OutW}, pitch)
}

// steps returns where each value of a window is, from the window's start.
func (g *groups) steps(dst []int32) []int32 {
	return offsets(dst, [3]int{g.SizeH, g.SizeW, g.C}, [3]int{g.linePitch, g.C, 1})
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
	first := at.line*g.StrideH - g.PadTop
	if !g.copied {
		return g.data[at.example*g.examplePitch+first*g.linePitch-g.PadLeft*g.C:]
	}
	height, width := g.inputLines(at.lines), g.linePitch/g.C
	// Columns [from, to) of a copied line are inside the picture.
	from := min(max(g.PadLeft, 0), width)
	to := max(min(g.InW+g.PadLeft, width), from)
	for example := range at.examples {
		picture := g.data[(at.example+example)*g.InH*g.InW*g.C:]
		lines := dst[example*g.examplePitch:]
		for i := range height {
			line, y := lines[i*g.linePitch:][:g.linePitch], first+i
			if y < 0 || y >= g.InH {
				clear(line)
				continue
			}
			clear(line[:from*g.C])
			copy(line[from*g.C:to*g.C], picture[(y*g.InW+from-g.PadLeft)*g.C:])
			clear(line[to*g.C:])
		}
	}
	return dst
}
