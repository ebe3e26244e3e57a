package figure

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runner/internal/view/words"
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
	f.drawMatrix(c, margin, top)

	left := margin + matrixLabel + matrixWidth + margin + chartAxis
	height := f.lowerHeight() / vg.Length(len(f.charts))
	for i, chart := range f.charts {
		chart.draw(c, f.fonts, left, top-vg.Length(i)*height, f.size.X-margin-left, height)
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

// drawMatrix draws the confusion matrix, its upper left corner, the head's, at (left, top).
func (f *sheet) drawMatrix(c draw.Canvas, left, top vg.Length) {
	write(c, f.fonts.name, text.XLeft, left, top-sheetHead/2, "Confusion: labels in rows, predictions in columns")
	top -= sheetHead
	left += matrixLabel
	shade := words.Shading(f.answers.Confusion)
	width := matrixWidth / vg.Length(len(f.classes))
	for i, row := range f.answers.Confusion {
		lower := top - vg.Length(i+1)*matrixCell
		write(c, f.fonts.small, text.XRight, left-8*dot, lower+matrixCell/2, cut(f.fonts.small, f.classes[i], matrixLabel-8*dot))
		for j, n := range row {
			x := left + vg.Length(j)*width
			fill(c, words.CellColor(i, j, shade(i, j)), x, lower, width, matrixCell)
			if n > 0 {
				write(c, f.fonts.label, text.XCenter, x+width/2, lower+matrixCell/2, fmt.Sprint(n))
			}
		}
	}
	bottom := top - vg.Length(len(f.classes))*matrixCell
	for i, name := range f.classes {
		x, y := left+vg.Length(i)*width, top-vg.Length(i)*matrixCell
		line(c, words.GridColor, x, bottom, x, top)
		line(c, words.GridColor, left, y, left+matrixWidth, y)
		write(c, f.fonts.small, text.XCenter, x+width/2, bottom-chartFoot*2/3, cut(f.fonts.small, name, width-4*dot))
	}
	line(c, words.GridColor, left+matrixWidth, bottom, left+matrixWidth, top)
	line(c, words.GridColor, left, bottom, left+matrixWidth, bottom)
}
