package figure

import (
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// draw draws the whole sheet. The canvas' origin is at its lower left.
func (f *sheet) draw(c draw.Canvas) {
	fill(c, color.White, 0, 0, f.size.X, f.size.Y)
	top := f.size.Y - margin
	write(c, f.fonts.title, text.XLeft, margin, top-sheetTitle/4, f.title)
	write(c, f.fonts.label, text.XLeft, margin, top-sheetTitle*2/3, f.summary)
	top -= sheetTitle
	f.drawMistakes(c, top)
	top -= f.mistakesHeight() + partGap
	f.confusion.draw(c, f.fonts, margin, top)

	left := margin + f.confusion.width() + columnGap
	height := f.lowerHeight() / vg.Length(len(f.plots))
	for i, p := range f.plots {
		if len(p.Lines) > 0 {
			drawPlot(c, f.fonts, p, left, top-vg.Length(i)*height, f.size.X-margin-left, height)
		}
	}
}

// drawMistakes draws the pictures with what they are and were taken for.
func (f *sheet) drawMistakes(c draw.Canvas, top vg.Length) {
	head := "No mistakes"
	if len(f.mistakes) > 0 {
		head = "Worst mistakes, the greatest loss first"
	}
	write(c, f.fonts.name, text.XLeft, margin, top-sheetHead/2, head)
	for i, m := range f.mistakes {
		middle := margin + side/2 + vg.Length(i%sheetColumns)*(side+sheetGap)
		upper := top - sheetHead - vg.Length(i/sheetColumns)*(side+2*captionLine+sheetGap/2)
		y := drawImage(c, m.img, middle, upper)
		write(c, f.fonts.label, text.XCenter, middle, y-captionLine*2/3, m.first)
		write(c, f.fonts.strong, text.XCenter, middle, y-captionLine*5/3, m.last)
	}
}
