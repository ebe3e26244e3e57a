package figure

import (
	"errors"
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"runner/internal/compare"
	"runner/internal/view/words"
)

// sideColors are those of Okabe and Ito that stand out on white, and sideDashes tell them apart where
// colours do not.
var (
	sideColors = []color.RGBA{
		{0x00, 0x72, 0xb2, 0xff}, // blue
		{0xd5, 0x5e, 0x00, 0xff}, // vermillion
		{0x00, 0x9e, 0x73, 0xff}, // bluish green
		{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
		{0xe6, 0x9f, 0x00, 0xff}, // orange
		{0x56, 0xb4, 0xe9, 0xff}, // sky blue
		{0x00, 0x00, 0x00, 0xff}, // black
	}
	sideDashes = [][]vg.Length{
		nil, {14 * dot, 7 * dot}, {4 * dot, 5 * dot}, {20 * dot, 5 * dot, 4 * dot, 5 * dot},
		{26 * dot, 8 * dot}, {9 * dot, 4 * dot}, {20 * dot, 4 * dot, 4 * dot, 4 * dot, 4 * dot, 4 * dot},
	}
)

// Sizes of the parts of the figure.
const (
	keyHeight   = 32 * dot // a line of the legend
	keyLength   = 110 * dot
	longestKey  = 1300 * dot
	plotWidth   = 640 * dot
	plotHeight  = 420 * dot
	axisWidth   = 90 * dot // tick labels left of a plot
	endWidth    = 40 * dot // the letters at the ends of curves
	axisHeight  = 70 * dot // tick labels below a plot, and what they are
	cellSide    = 58 * dot // a cell of a heat map
	scaleWidth  = 24 * dot
	scaleLabels = 76 * dot
)

// compareFigure is what to draw and where.
type compareFigure struct {
	compare.Comparison
	keys    []string // of the sides
	plots   []curvePlot
	maps    []heatMap
	columns int
	size    vg.Point
	// Of the widest panel of each, and of a row of panels.
	panelWidth, plotsHeight, mapsHeight vg.Length
	fonts
}

// CompareFigure draws the curves of experiments, the mean over seeds in a band from the least to the
// greatest, and for each after A the confusion matrix of its run less that of A's, to a .png or .svg
// file. What is not on record is left out.
func CompareFigure(path string, c compare.Comparison) error {
	f, err := newCompareFigure(c)
	if err != nil {
		return fmt.Errorf("figure %s: %w", path, err)
	}
	return writeFigure(path, f.size, f.description(), f.draw)
}

func newCompareFigure(c compare.Comparison) (*compareFigure, error) {
	f := &compareFigure{Comparison: c, fonts: newFonts(), columns: 2}
	for i, s := range c.Sides {
		key := words.CurveKey(s, c.Curves[i])
		if slices.ContainsFunc(c.Curves[i].Points, func(p compare.Point) bool { return p.Seeds > 1 }) {
			key += ", in a band from the least to the greatest"
		}
		f.keys = append(f.keys, cut(f.label, key, longestKey))
	}
	for _, p := range []curvePlot{
		newCurvePlot("validation accuracy, percent", c.Curves, 100, func(p compare.Point) *compare.Band { return p.ValAccuracy }),
		newCurvePlot("train loss", c.Curves, 1, func(p compare.Point) *compare.Band { return p.TrainLoss }),
	} {
		if len(p.lines) > 0 {
			f.plots = append(f.plots, p)
			f.plotsHeight = titleHeight + plotHeight + axisHeight
			f.panelWidth = max(f.panelWidth, axisWidth+plotWidth+endWidth)
		}
	}
	for _, a := range c.Answers {
		if a.Why == "" {
			m := newHeatMap(a, c.Classes, f.fonts)
			f.maps = append(f.maps, m)
			f.panelWidth, f.mapsHeight = max(f.panelWidth, m.width()), max(f.mapsHeight, m.height())
		}
	}
	if len(f.plots)+len(f.maps) == 0 {
		return nil, errors.New("nothing to draw: no epoch is on record")
	}
	f.columns = min(2, max(len(f.plots), len(f.maps)))
	f.size = vg.Point{
		X: 2*margin + vg.Length(f.columns)*f.panelWidth + vg.Length(f.columns-1)*columnGap,
		Y: 2*margin + vg.Length(len(f.keys))*keyHeight,
	}
	f.size.X = max(f.size.X, 2*margin+keyLength+columnGap+longestKey)
	if len(f.plots) > 0 {
		f.size.Y += f.plotsHeight
	}
	f.size.Y += vg.Length((len(f.maps)+f.columns-1)/f.columns) * (f.mapsHeight + rowGap)
	return f, nil
}

// draw draws the legend, the curves and then the heat maps, from the top.
func (f *compareFigure) draw(c draw.Canvas) {
	fill(c, color.White, 0, 0, f.size.X, f.size.Y)
	y := f.size.Y - margin
	for i, key := range f.keys {
		middle := y - keyHeight/2
		strokeSide(c, i, []vg.Point{{X: margin, Y: middle}, {X: margin + keyLength, Y: middle}})
		write(c, f.label, text.XLeft, margin+keyLength+16*dot, middle, key)
		y -= keyHeight
	}
	left := func(i int) vg.Length { return margin + vg.Length(i%f.columns)*(f.panelWidth+columnGap) }
	for i, p := range f.plots {
		p.draw(c, f.fonts, left(i), y)
	}
	if len(f.plots) > 0 {
		y -= f.plotsHeight
	}
	for i, m := range f.maps {
		m.draw(c, f.fonts, left(i), y-rowGap-vg.Length(i/f.columns)*(f.mapsHeight+rowGap))
	}
}

// strokeSide draws a line in the colour and dashes of side i.
func strokeSide(c draw.Canvas, i int, points []vg.Point) {
	c.StrokeLines(draw.LineStyle{Color: sideColors[i], Width: 3.5 * dot, Dashes: sideDashes[i]}, points)
}

// description says in words what the figure shows.
func (f *compareFigure) description() string {
	var out strings.Builder
	for i, key := range f.keys {
		fmt.Fprintf(&out, "%s, %s\n", key, words.PercentOrNone(f.Accuracies[i].Mean))
	}
	for _, p := range f.plots {
		out.WriteString(p.title + "\n")
	}
	for _, m := range f.maps {
		out.WriteString(m.title + "\n")
		for _, s := range m.shifts[:min(words.MostShifts, len(m.shifts))] {
			fmt.Fprintf(&out, "%s %d -> %d (%+d)\n", words.Clean(words.ShiftText(f.Classes, s)), s.A, s.Other, s.By())
		}
	}
	return out.String()
}
