package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runner/internal/view/plot"
)

const (
	widestCell  = 58 * dot   // the side of a cell
	widestHeat  = 1160 * dot // the side of all cells
	caption     = 30 * dot   // an axis' own name
	scaleWidth  = 24 * dot
	scaleLabels = 76 * dot
)

// heat is a matrix with the room it takes.
type heat struct {
	plot.Heat
	names  []string  // of the classes, cut
	labels vg.Length // the width of the names
	cell   vg.Length // the side of a cell
}

func newHeat(s fonts, h plot.Heat) heat {
	n := vg.Length(max(len(h.Cells), 1))
	drawn := heat{Heat: h, cell: min(widestCell, widestHeat/n)}
	for _, name := range h.Classes {
		name = cut(s.small, name, longestName)
		drawn.names, drawn.labels = append(drawn.names, name), max(drawn.labels, s.small.Width(name))
	}
	return drawn
}

func (h heat) side() vg.Length { return vg.Length(len(h.Cells)) * h.cell }

func (h heat) width() vg.Length {
	width := caption + h.labels + 10*dot + h.side()
	if h.Most > 0 {
		width += columnGap/2 + scaleWidth + scaleLabels
	}
	return width
}

func (h heat) height() vg.Length { return titleHeight + h.side() + 10*dot + h.labels + caption }

// draw draws the matrix with its title and axes, the upper left corner at (left, top).
func (h heat) draw(c draw.Canvas, s fonts, left, top vg.Length) {
	x0, y1 := snap(left+caption+h.labels+10*dot), snap(top-titleHeight)
	y0 := y1 - h.side()
	write(c, s.name, text.XLeft, x0, top-titleHeight/2, h.Title)
	every := int(math.Ceil(float64(22 * dot / h.cell))) // names, as far as they do not meet
	for i, row := range h.Cells {
		y := y1 - vg.Length(i+1)*h.cell
		if i%every == 0 {
			write(c, s.small, text.XRight, x0-10*dot, y+h.cell/2, h.names[i])
			upright(c, s.small, text.XRight, x0+(vg.Length(i)+0.5)*h.cell, y0-10*dot, h.names[i])
		}
		for j, cell := range row {
			h.drawCell(c, s, cell, x0+vg.Length(j)*h.cell, y)
		}
	}
	for i := range len(h.Cells) + 1 {
		at := vg.Length(i) * h.cell
		line(c, plot.GridColor, x0, y0+at, x0+h.side(), y0+at)
		line(c, plot.GridColor, x0+at, y0, x0+at, y1)
	}
	for i := range h.Cells { // where the answer is right
		at := vg.Length(i) * h.cell
		frame(c, x0+at, y1-at-h.cell, h.cell)
	}
	upright(c, s.small, text.XCenter, left+caption/2, y0+h.side()/2, "class of the example")
	write(c, s.small, text.XCenter, x0+h.side()/2, y0-10*dot-h.labels-caption/2, "taken for")
	if h.Most > 0 {
		h.drawScale(c, s, x0+h.side()+columnGap/2, y0)
	}
}

// drawCell draws a cell and its number, if that fits and is not 0.
func (h heat) drawCell(c draw.Canvas, s fonts, cell plot.Cell, x, y vg.Length) {
	fill(c, cell.Color(), x, y, h.cell, h.cell)
	style := s.small
	style.Color = cell.Ink()
	if cell.Count != 0 && style.Width(cell.Text) < h.cell {
		write(c, style, text.XCenter, x+h.cell/2, y+h.cell/2, cell.Text)
	}
}

// drawScale says what the colours of differences mean, its lower left corner at (x, y).
func (h heat) drawScale(c draw.Canvas, s fonts, x, y vg.Length) {
	const steps = 64
	height := h.side() / steps
	for i := range steps { // each up to the end, since a canvas blurs where two only meet
		at, by := vg.Length(i)*height, 2*(float64(i)+0.5)/steps-1
		cell := plot.Cell{Kind: plot.More, Share: math.Abs(by)}
		if by < 0 {
			cell.Kind = plot.Less
		}
		fill(c, cell.Color(), x, y+at, scaleWidth, h.side()-at)
	}
	for _, v := range []int{-h.Most, 0, h.Most} {
		at := y + h.side()/2*vg.Length(1+float64(v)/float64(h.Most))
		line(c, plot.FaintColor, x+scaleWidth, at, x+scaleWidth+6*dot, at)
		label := "0"
		if v != 0 {
			label = fmt.Sprintf("%+d", v)
		}
		write(c, s.small, text.XLeft, x+scaleWidth+10*dot, at, label)
	}
}

// frame draws the edges of a cell.
func frame(c draw.Canvas, x, y, side vg.Length) {
	c.StrokeLines(draw.LineStyle{Color: plot.InkColor, Width: 1.5 * dot}, []vg.Point{
		{X: x, Y: y}, {X: x + side, Y: y}, {X: x + side, Y: y + side}, {X: x, Y: y + side}, {X: x, Y: y},
	})
}

// upright writes a line from below to above, horizontally centred at x.
func upright(c draw.Canvas, style text.Style, align text.XAlignment, x, y vg.Length, words string) {
	style.Rotation, style.XAlign = math.Pi/2, align
	c.FillText(style, vg.Point{X: x, Y: y}, words)
}
