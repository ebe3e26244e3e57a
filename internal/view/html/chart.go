package html

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"runner/internal/standing"
	"runner/internal/view/plot"
	"runner/internal/view/words"
	"runner/store"
)

// The plot area of a chart, in its units: left and right, top and bottom.
const (
	chartLeft, chartRight = 52, 468
	chartTop, chartBottom = 12, 246
)

// chart is a plot as the template draws it.
type chart struct {
	Title   string
	Lines   []line
	X, Y    []tick
	Caption string
}

type line struct {
	Name   string
	Last   string   // its last value
	Style  int      // of its colour and dashes, from 0
	Pieces []string // between gaps: points, as SVG has them
	EndX   string
	EndY   string
}

type tick struct{ At, Label string }

// newChart draws a plot; value writes a value of a legend, and unit follows the labels of the axis. It is nil without a
// value.
func newChart(p plot.Plot, unit string, value func(float64) string) *chart {
	if len(p.Lines) == 0 {
		return nil
	}
	place := func(from, to, at float64) string { return strconv.FormatFloat(from+(to-from)*at, 'f', 1, 64) }
	x := func(epoch int) string {
		return place(chartLeft, chartRight, plot.Axis{Low: 1, High: float64(p.Last)}.At(float64(epoch)))
	}
	y := func(v float64) string { return place(chartBottom, chartTop, p.Y.At(v)) }
	c := &chart{Title: p.Title}
	label := p.Y.Label()
	for _, v := range p.Y.Ticks(6) {
		c.Y = append(c.Y, tick{y(v), label(v) + unit})
	}
	for _, epoch := range plot.EpochTicks(p.Last, 8) {
		c.X = append(c.X, tick{x(epoch), strconv.Itoa(epoch)})
	}
	for _, l := range p.Lines {
		last := l.Points[len(l.Points)-1]
		drawn := line{Name: l.Name, Last: value(last.Value), Style: l.Style, EndX: x(last.Epoch), EndY: y(last.Value)}
		for _, piece := range l.Pieces() {
			var points []string
			for _, p := range thin(piece, 0) {
				points = append(points, x(p.Epoch)+","+y(p.Value))
			}
			drawn.Pieces = append(drawn.Pieces, strings.Join(points, " "))
		}
		c.Lines = append(c.Lines, drawn)
	}
	if p.Last > mostPoints {
		c.Caption = fmt.Sprintf("At most %d of %d epochs are drawn.", mostPoints, p.Last)
	}
	return c
}

// accuracyCharts draws the first rows of each dataset, by their names.
func accuracyCharts(rows []standing.Standing, names []string) []chart {
	var datasets []string
	for _, row := range rows {
		if len(row.Curve) > 0 && !slices.Contains(datasets, row.Data()) {
			datasets = append(datasets, row.Data())
		}
	}
	var charts []chart
	for _, dataset := range datasets {
		var drawn []plot.Line
		left := 0
		for i, row := range rows {
			switch {
			case row.Data() != dataset || len(row.Curve) == 0:
			case len(drawn) == len(plot.LineColors):
				left++
			default:
				percent := make([]float64, len(row.Curve))
				for e, v := range row.Curve {
					percent[e] = 100 * v
				}
				drawn = append(drawn, plot.Series(names[i], percent))
			}
		}
		c := newChart(plot.New("Validation accuracy on "+dataset, drawn...), "%", func(v float64) string {
			return strconv.FormatFloat(math.Round(100*v)/100, 'f', -1, 64) + "%"
		})
		if c == nil {
			continue
		}
		if left > 0 {
			c.Caption = strings.TrimSpace(fmt.Sprintf("%s The first %d experiments; %d more are not drawn.", c.Caption,
				len(drawn), left))
		}
		charts = append(charts, *c)
	}
	return charts
}

// lossChart draws the losses of a run.
func lossChart(epochs []store.Epoch) *chart { return newChart(plot.Losses(epochs), "", words.Loss) }
