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
	"runner/internal/view/plot"
	"runner/internal/view/words"
)

// Sizes of the parts of the figure.
const (
	keyHeight  = 32 * dot // a line of the legend
	keyLength  = 110 * dot
	longestKey = 1300 * dot
	widePlot   = 770 * dot
	highPlot   = 554 * dot
)

// compareFigure is what to draw and where.
type compareFigure struct {
	compare.Comparison
	keys    []string // of the sides
	plots   []plot.Plot
	maps    []heat
	shifts  [][]compare.Shift // of the maps
	columns int
	size    vg.Point
	// Of the widest panel of each, and of a row of panels.
	panelWidth, plotsHeight, mapsHeight vg.Length
	fonts
}

// CompareFigure draws experiments side by side to a .png or .svg file: their curves, the mean over seeds in a band from
// the least to the greatest, and for each after A the confusion matrix of its run less that of A's, as far as they are
// on record.
func CompareFigure(path string, c compare.Comparison) error {
	f, err := newCompareFigure(c)
	if err != nil {
		return fmt.Errorf("figure %s: %w", path, err)
	}
	return writeFigure(path, f.size, f.description(), f.draw)
}

func newCompareFigure(c compare.Comparison) (*compareFigure, error) {
	f := &compareFigure{Comparison: c, fonts: newFonts(), columns: 2}
	for _, p := range []plot.Plot{plot.ComparedAccuracies(c), plot.ComparedLosses(c)} {
		if len(p.Lines) > 0 {
			f.plots = append(f.plots, p)
			f.plotsHeight, f.panelWidth = highPlot, widePlot
		}
	}
	for i := range c.Sides {
		key := plot.CurveName(c, i)
		if slices.ContainsFunc(c.Curves[i].Points, func(p compare.Point) bool { return p.Seeds > 1 }) {
			key += ", in a band from the least to the greatest"
		}
		f.keys = append(f.keys, cut(f.label, key, longestKey))
	}
	for _, a := range c.Answers {
		if a.Why == "" {
			m := newHeat(f.fonts, plot.Shifts(a, c.Classes))
			f.maps, f.shifts = append(f.maps, m), append(f.shifts, a.Shifts())
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
		strokeStyle(c, i, []vg.Point{{X: margin, Y: middle}, {X: margin + keyLength, Y: middle}})
		write(c, f.label, text.XLeft, margin+keyLength+16*dot, middle, key)
		y -= keyHeight
	}
	left := func(i int) vg.Length { return margin + vg.Length(i%f.columns)*(f.panelWidth+columnGap) }
	for i, p := range f.plots {
		drawPlot(c, f.fonts, p, left(i), y, widePlot, highPlot)
	}
	if len(f.plots) > 0 {
		y -= f.plotsHeight
	}
	for i, m := range f.maps {
		m.draw(c, f.fonts, left(i), y-rowGap-vg.Length(i/f.columns)*(f.mapsHeight+rowGap))
	}
}

// description says in words what the figure shows.
func (f *compareFigure) description() string {
	var out strings.Builder
	for i, key := range f.keys {
		fmt.Fprintf(&out, "%s, %s\n", key, words.PercentOrNone(f.Accuracies[i].Mean))
	}
	for _, p := range f.plots {
		out.WriteString(p.Title + "\n")
	}
	for i, m := range f.maps {
		out.WriteString(m.Title + "\n")
		for _, s := range f.shifts[i][:min(words.MostShifts, len(f.shifts[i]))] {
			fmt.Fprintf(&out, "%s %d -> %d (%+d)\n", words.Clean(words.ShiftText(f.Classes, s)), s.A, s.Other, s.By())
		}
	}
	return out.String()
}
