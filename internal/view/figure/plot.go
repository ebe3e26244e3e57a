package figure

import (
	"cmp"
	"image/color"
	"slices"
	"strconv"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runner/internal/view/plot"
)

// Room beside the field of a plot.
const (
	plotTitle  = 64 * dot
	axisWidth  = 90 * dot // tick labels at the left
	endWidth   = 40 * dot // labels at the ends of curves, at the right
	axisHeight = 70 * dot // tick labels below, and what they are
	markRadius = 8 * dot  // of a dot on a curve
)

// field places values in a rectangle. Curves keep away from its edges.
type field struct {
	plot.Plot
	left, bottom, width, height vg.Length
}

const edge = 0.05

func (f field) x(epoch int) vg.Length {
	return f.left + f.width*vg.Length(edge/2+(1-edge)*plot.Axis{Low: 1, High: float64(f.Last)}.At(float64(epoch)))
}

func (f field) y(v float64) vg.Length {
	return f.bottom + f.height*vg.Length(edge+(1-2*edge)*f.Y.At(v))
}

// drawPlot draws a plot of a size, with its title and axes, whose upper left corner is at (left, top).
func drawPlot(c draw.Canvas, s fonts, p plot.Plot, left, top, width, height vg.Length) {
	f := field{p, snap(left + axisWidth), snap(top - height + axisHeight), width - axisWidth - endWidth,
		height - plotTitle - axisHeight}
	right, low := f.left+f.width, f.bottom
	write(c, s.name, text.XLeft, f.left, top-plotTitle/2, p.Title)
	label := p.Y.Label()
	for _, v := range p.Y.Ticks(6) {
		line(c, plot.GridColor, f.left, f.y(v), right, f.y(v))
		write(c, s.small, text.XRight, f.left-10*dot, f.y(v), label(v))
	}
	for _, epoch := range plot.EpochTicks(p.Last, 8) {
		line(c, plot.FaintColor, f.x(epoch), low, f.x(epoch), low-6*dot)
		write(c, s.small, text.XCenter, f.x(epoch), low-22*dot, strconv.Itoa(epoch))
	}
	write(c, s.small, text.XCenter, f.left+f.width/2, low-50*dot, "epoch")
	line(c, plot.FaintColor, f.left, low, right, low)
	line(c, plot.FaintColor, f.left, low, f.left, low+f.height)
	for _, l := range p.Lines {
		for _, piece := range l.Pieces() {
			f.drawBand(c, l.Style, piece)
		}
	}
	for _, l := range p.Lines {
		for _, piece := range l.Pieces() {
			f.drawCurve(c, l.Style, piece)
		}
	}
	f.drawEnds(c, s)
}

// drawBand fills the room between the least and the greatest values.
func (f field) drawBand(c draw.Canvas, style int, piece []plot.Point) {
	var outline []vg.Point
	for _, p := range piece {
		outline = append(outline, vg.Point{X: f.x(p.Epoch), Y: f.y(p.High)})
	}
	for _, p := range slices.Backward(piece) {
		outline = append(outline, vg.Point{X: f.x(p.Epoch), Y: f.y(p.Low)})
	}
	shade := plot.LineColors[style]
	c.FillPolygon(color.NRGBA{shade.R, shade.G, shade.B, 0x30}, outline)
}

// drawCurve draws the values, one by itself and the one to mark as a dot.
func (f field) drawCurve(c draw.Canvas, style int, piece []plot.Point) {
	var points []vg.Point
	for _, p := range piece {
		at := vg.Point{X: f.x(p.Epoch), Y: f.y(p.Value)}
		points = append(points, at)
		if len(piece) == 1 || p.Epoch == f.Mark {
			c.DrawGlyph(draw.GlyphStyle{Color: plot.LineColors[style], Radius: markRadius, Shape: draw.CircleGlyph{}}, at)
		}
	}
	strokeStyle(c, style, points)
}

// drawEnds writes each line's label at its end, those that would meet above each other.
func (f field) drawEnds(c draw.Canvas, s fonts) {
	const height = 24 * dot
	type end struct {
		plot.Line
		x, y vg.Length
	}
	var ends []end
	for _, l := range f.Lines {
		last := l.Points[len(l.Points)-1]
		ends = append(ends, end{l, f.x(last.Epoch) + 8*dot, f.y(last.Value)})
		if pieces := l.Pieces(); len(pieces[len(pieces)-1]) == 1 { // a dot ends there
			ends[len(ends)-1].x += markRadius
		}
	}
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.y, b.y) })
	for i := range ends {
		for _, below := range ends[:i] {
			if ends[i].x == below.x {
				ends[i].y = max(ends[i].y, below.y+height)
			}
		}
		style := s.strong
		style.Color = plot.LineColors[ends[i].Style]
		write(c, style, text.XLeft, ends[i].x, ends[i].y, ends[i].Label)
	}
}

// strokeStyle draws a line in the colour and dashes of a style.
func strokeStyle(c draw.Canvas, style int, points []vg.Point) {
	var dashes []vg.Length
	for _, d := range plot.LineDashes[style] {
		dashes = append(dashes, vg.Points(d))
	}
	c.StrokeLines(draw.LineStyle{Color: plot.LineColors[style], Width: 3.5 * dot, Dashes: dashes}, points)
}
