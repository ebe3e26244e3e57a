package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runner/internal/view/words"
	"runner/store"
)

// chart is a curve of one value an epoch in a figure.
type chart struct {
	title  string
	values []float64
	best   int // the epoch to mark; 0: none
}

// charts are the curves of a run.
func charts(epochs []store.Epoch) []chart {
	accuracy := chart{title: "Validation accuracy, %", values: words.Series(epochs, 100, func(e store.Epoch) float64 { return e.ValAccuracy })}
	if e := words.BestEpoch(epochs); e != nil {
		accuracy.best = e.Epoch
		accuracy.title += fmt.Sprintf("; best: epoch %d", e.Epoch)
	}
	return []chart{accuracy, {title: "Train loss", values: words.Series(epochs, 1, func(e store.Epoch) float64 { return e.TrainLoss })}}
}

// draw draws the curve under its title, the labels of its axis at the left of left. What is
// no number leaves a gap.
func (h chart) draw(c draw.Canvas, f fonts, left, top, width, height vg.Length) {
	write(c, f.name, text.XLeft, left, top-sheetHead/2, h.title)
	top, bottom := snap(top-sheetHead), snap(top-height+chartFoot)
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range h.values {
		if words.Finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	// The curve keeps away from the edges of the field.
	const edge = 0.06
	y := func(v float64) vg.Length {
		return bottom + vg.Length(edge+(1-2*edge)*words.Between(v, low, high))*(top-bottom)
	}
	x := func(epoch float64) vg.Length {
		return left + vg.Length(edge/2+(1-edge)*words.Between(epoch, 1, float64(len(h.values))))*width
	}
	label := words.AxisLabel(low, high)
	for _, v := range words.Ticks(low, high, 4) {
		line(c, words.GridColor, left, y(v), left+width, y(v))
		write(c, f.small, text.XRight, left-8*dot, y(v), label(v))
	}
	for _, epoch := range words.Ticks(1, float64(len(h.values)), 8) {
		if epoch == math.Trunc(epoch) {
			line(c, words.FaintColor, x(epoch), bottom, x(epoch), bottom-6*dot)
			write(c, f.small, text.XCenter, x(epoch), bottom-chartFoot*2/3, fmt.Sprint(epoch))
		}
	}
	line(c, words.FaintColor, left, bottom, left+width, bottom)

	var points []vg.Point
	for i, v := range h.values {
		if !words.Finite(v) {
			points = nil
			continue
		}
		at := vg.Point{X: x(float64(i + 1)), Y: y(v)}
		if points = append(points, at); len(points) > 1 {
			c.StrokeLines(draw.LineStyle{Color: words.CurveColor, Width: 3 * dot}, points[len(points)-2:])
		}
		mark := draw.GlyphStyle{Color: words.CurveColor, Radius: 4 * dot, Shape: draw.CircleGlyph{}}
		if i+1 == h.best {
			mark.Color, mark.Radius = words.WrongColor, 8*dot
		}
		c.DrawGlyph(mark, at)
	}
}
