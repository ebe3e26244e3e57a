package figure

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runner/internal/view/plot"
	"runner/internal/view/words"
)

// draw draws the whole figure. The canvas' origin is at its lower left.
func (f *figure) draw(c draw.Canvas) {
	fill(c, color.White, 0, 0, f.size.X, f.size.Y)
	write(c, f.title, text.XCenter, f.size.X/2, f.size.Y-margin-titleHeight/3, figureTitle)
	for i, p := range f.panels {
		row, col := i/f.columns, i%f.columns
		left := margin + vg.Length(col)*(f.panelWidth()+columnGap)
		top := f.size.Y - margin - titleHeight - vg.Length(row)*(f.panelHeight()+rowGap)
		f.drawPicture(c, p, left, top)
		f.drawBars(c, p, left+f.head+columnGap/2, top-nameHeight)
	}
	f.drawLegend(c)
}

// drawPicture draws the name of the true class, the picture and its index in the split, with the upper left corner at
// (left, top).
func (f *figure) drawPicture(c draw.Canvas, p panel, left, top vg.Length) {
	middle := left + f.head/2
	write(c, f.name, text.XCenter, middle, top-nameHeight/2, p.name)

	y := drawImage(c, p.img, middle, top-nameHeight)
	write(c, f.small, text.XCenter, middle, y-footHeight/2, fmt.Sprintf("no. %d", p.Index))
}

// drawBars draws the class names and the bars of their probabilities with the axis below, with the upper left corner at
// (left, top).
func (f *figure) drawBars(c draw.Canvas, p panel, left, top vg.Length) {
	zero, bottom := snap(left+f.labels+8*dot), snap(top-f.body)
	for _, tick := range []float64{0, 0.5, 1} {
		x := zero + vg.Length(tick)*barsWidth
		line(c, plot.GridColor, x, bottom, x, top)
		write(c, f.small, text.XCenter, x, bottom-footHeight/2, fmt.Sprint(tick))
	}
	pitch := f.body / vg.Length(max(len(p.ranked), 1))
	thick := min(0.7*pitch, 44*dot)
	for i, class := range p.ranked {
		probability := p.Probabilities[class]
		length := vg.Length(0)
		if words.Finite(probability) {
			length = vg.Length(min(max(probability, 0), 1)) * barsWidth
		}
		style, shade := f.label, plot.OtherColor
		switch {
		case class == p.Label:
			style, shade = f.strong, plot.RightColor
		case i == 0:
			shade = plot.WrongColor
		}
		y := top - (vg.Length(i)+0.5)*pitch
		write(c, style, text.XRight, zero-8*dot, y, p.names[i])
		fill(c, shade, zero, y-thick/2, length, thick)
		write(c, f.small, text.XLeft, zero+length+8*dot, y, words.Tenths(probability))
	}
	line(c, plot.FaintColor, zero, bottom, zero, top)
	line(c, plot.FaintColor, zero, bottom, zero+barsWidth, bottom)
}

// drawLegend says at the bottom what the colours mean.
func (f *figure) drawLegend(c draw.Canvas) {
	entries := []struct {
		color color.Color
		text  string
	}{{plot.RightColor, "true class"}, {plot.WrongColor, "predicted, but wrong"}, {plot.OtherColor, "other class"}}
	const box, space, between = 20 * dot, 8 * dot, 36 * dot
	width := vg.Length(len(entries)-1) * between
	for _, e := range entries {
		width += box + space + f.small.Width(e.text)
	}
	x, y := (f.size.X-width)/2, margin/2+legend/3
	for _, e := range entries {
		fill(c, e.color, x, y-box/2, box, box)
		write(c, f.small, text.XLeft, x+box+space, y, e.text)
		x += box + space + f.small.Width(e.text) + between
	}
}
