package html

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"runner/internal/standing"
	"runner/store"
)

// mostLines is how many lines of a chart can be told apart: one for each of the colours of page.css,
// those of Okabe and Ito (2008) without yellow, which is too light for white paper.
const mostLines = 7

// The plot area of a chart, in its units: left and right, top and bottom.
const (
	chartLeft, chartRight = 52, 468
	chartTop, chartBottom = 12, 246
)

// chart is a line chart over epochs.
type chart struct {
	Title   string
	Lines   []line
	X, Y    []tick
	Caption string
}

type line struct {
	Name   string
	Last   string // its last value
	Style  int    // of its colour and dashes, from 0
	Points string // as SVG has them
	EndX   string
	EndY   string
}

type tick struct{ At, Label string }

// series is a line before it is drawn: a value for each epoch from the first on.
type series struct {
	name   string
	values []float64
}

// newChart draws up to mostLines series; words writes a value. It is nil without a value.
func newChart(title string, all []series, words func(float64) string) *chart {
	epochs, low, high := 0, math.Inf(1), math.Inf(-1)
	for _, s := range all {
		epochs = max(epochs, len(s.values))
		for _, v := range s.values {
			low, high = min(low, v), max(high, v)
		}
	}
	if epochs == 0 {
		return nil
	}
	x := axis{low: 1, high: float64(epochs), from: chartLeft, to: chartRight}.widened()
	y := axis{low: low, high: high, from: chartBottom, to: chartTop}.widened()
	c := &chart{
		Title: title, Y: y.ticks(words, false),
		X: x.ticks(func(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }, true),
	}
	for i, s := range all {
		if len(s.values) == 0 {
			continue
		}
		points := make([]string, len(s.values))
		for e, v := range s.values {
			points[e] = x.place(float64(e+1)) + "," + y.place(v)
		}
		last := len(s.values) - 1
		c.Lines = append(c.Lines, line{
			Name: s.name, Last: words(s.values[last]), Style: i, Points: strings.Join(thin(points, 0), " "),
			EndX: x.place(float64(last + 1)), EndY: y.place(s.values[last]),
		})
	}
	if epochs > mostPoints {
		c.Caption = fmt.Sprintf("At most %d of %d epochs are drawn.", mostPoints, epochs)
	}
	return c
}

// axis maps low to from and high to to.
type axis struct{ low, high, from, to float64 }

// widened makes room around a single value.
func (a axis) widened() axis {
	if a.low == a.high {
		a.low, a.high = a.low-1, a.high+1
	}
	return a
}

func (a axis) place(v float64) string {
	return strconv.FormatFloat(a.from+(a.to-a.from)*(v-a.low)/(a.high-a.low), 'f', 1, 64)
}

// mostTicks is how many labels stand along an axis.
const mostTicks = 7

// ticks are the multiples of 1, 2 or 5 times a power of ten on the axis, as close as mostTicks allow; of
// whole numbers alone, where asked.
func (a axis) ticks(words func(float64) string, whole bool) []tick {
	power := math.Pow(10, math.Floor(math.Log10((a.high-a.low)/mostTicks)))
	step := 0.0
	for _, times := range []float64{1, 2, 5, 10, 20} {
		step = times * power
		if (!whole || step >= 1) && math.Floor(a.high/step)-math.Ceil(a.low/step) < mostTicks {
			break
		}
	}
	var ticks []tick
	for n := math.Ceil(a.low / step); n*step <= a.high; n++ {
		ticks = append(ticks, tick{a.place(n * step), words(n * step)})
	}
	return ticks
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
		var drawn []series
		left := 0
		for i, row := range rows {
			switch {
			case row.Data() != dataset || len(row.Curve) == 0:
			case len(drawn) == mostLines:
				left++
			default:
				drawn = append(drawn, series{names[i], scaled(row.Curve, 100)})
			}
		}
		c := newChart("Validation accuracy on "+dataset, drawn, func(v float64) string {
			return strconv.FormatFloat(math.Round(100*v)/100, 'f', -1, 64) + "%"
		})
		if left > 0 {
			c.Caption = strings.TrimSpace(fmt.Sprintf("%s The first %d experiments; %d more are not drawn.", c.Caption, mostLines, left))
		}
		charts = append(charts, *c)
	}
	return charts
}

func scaled(values []float64, by float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = by * v
	}
	return out
}

// lossChart draws the losses of a run.
func lossChart(epochs []store.Epoch) *chart {
	train, validation := series{name: "train loss"}, series{name: "validation loss"}
	for _, e := range epochs {
		train.values = append(train.values, e.TrainLoss)
		validation.values = append(validation.values, e.ValLoss)
	}
	return newChart("Loss", []series{train, validation}, func(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) })
}
