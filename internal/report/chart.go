package report

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

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
	accuracy := chart{title: "Validation accuracy, %", values: series(epochs, 100, func(e store.Epoch) float64 { return e.ValAccuracy })}
	if e := bestEpoch(epochs); e != nil {
		accuracy.best = e.Epoch
		accuracy.title += fmt.Sprintf("; best: epoch %d", e.Epoch)
	}
	return []chart{accuracy, {title: "Train loss", values: series(epochs, 1, func(e store.Epoch) float64 { return e.TrainLoss })}}
}

// draw draws the curve under its title, the labels of its axis at the left of left. What is
// no number leaves a gap.
func (h chart) draw(c draw.Canvas, f fonts, left, top, width, height vg.Length) {
	write(c, f.name, text.XLeft, left, top-sheetHead/2, h.title)
	top, bottom := snap(top-sheetHead), snap(top-height+chartFoot)
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range h.values {
		if finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	// The curve keeps away from the edges of the field.
	const edge = 0.06
	y := func(v float64) vg.Length {
		return bottom + vg.Length(edge+(1-2*edge)*between(v, low, high))*(top-bottom)
	}
	x := func(epoch float64) vg.Length {
		return left + vg.Length(edge/2+(1-edge)*between(epoch, 1, float64(len(h.values))))*width
	}
	label := axisLabel(low, high)
	for _, v := range ticks(low, high, 4) {
		line(c, gridColor, left, y(v), left+width, y(v))
		write(c, f.small, text.XRight, left-8*dot, y(v), label(v))
	}
	for _, epoch := range ticks(1, float64(len(h.values)), 8) {
		if epoch == math.Trunc(epoch) {
			line(c, faintColor, x(epoch), bottom, x(epoch), bottom-6*dot)
			write(c, f.small, text.XCenter, x(epoch), bottom-chartFoot*2/3, fmt.Sprint(epoch))
		}
	}
	line(c, faintColor, left, bottom, left+width, bottom)

	var points []vg.Point
	for i, v := range h.values {
		if !finite(v) {
			points = nil
			continue
		}
		at := vg.Point{X: x(float64(i + 1)), Y: y(v)}
		if points = append(points, at); len(points) > 1 {
			c.StrokeLines(draw.LineStyle{Color: curveColor, Width: 3 * dot}, points[len(points)-2:])
		}
		mark := draw.GlyphStyle{Color: curveColor, Radius: 4 * dot, Shape: draw.CircleGlyph{}}
		if i+1 == h.best {
			mark.Color, mark.Radius = wrongColor, 8*dot
		}
		c.DrawGlyph(mark, at)
	}
}

// between is where v is on the way from low to high, 0 to 1; the middle where the two
// are one.
func between(v, low, high float64) float64 {
	if high <= low {
		return 0.5
	}
	return v/(high-low) - low/(high-low)
}

// ticks returns round numbers from low to high, not many more than most: with steps of
// 1, 2 or 5 times a power of ten.
func ticks(low, high float64, most int) []float64 {
	if low == high {
		return []float64{low}
	}
	least := (high - low) / float64(most)
	step := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range []float64{2, 2.5, 2} { // 2, 5, 10
		if step < least {
			step *= m
		}
	}
	var values []float64
	first := math.Ceil(low / step)
	for i := range most + 1 {
		// Rounding may put a tick beside the bounds, or two in one place; above the range of
		// float64 it is no number.
		v := (first + float64(i)) * step
		if v >= low && v <= high && (len(values) == 0 || v > values[len(values)-1]) {
			values = append(values, v)
		}
	}
	return values
}
