package plot

import (
	"fmt"
	"math"
	"slices"

	"runner/internal/compare"
	"runner/internal/view/words"
	"runner/store"
)

// Plot is curves over epochs.
type Plot struct {
	Title string
	Lines []Line
	Last  int  // epoch that a line covers, 0 without a line
	Mark  int  // an epoch to mark, 0: none
	Y     Axis // from the least to the greatest value
}

// Line is the curve of one thing. Epochs without a finite value are left out.
type Line struct {
	Name   string // for a legend
	Label  string // short, for the end of the curve; it may be empty
	Style  int    // index of its colour and dashes
	Epochs int    // it covers, the last ones without a value included
	Points []Point
}

// Point is a value after an epoch, counted from 1, and the least and greatest one over seeds.
type Point struct {
	Epoch            int
	Value, Low, High float64
}

// New returns a plot of the lines that have a point.
func New(title string, lines ...Line) Plot {
	p := Plot{Title: title}
	for i, l := range lines {
		l.Style = i
		if len(l.Points) > 0 {
			p.Lines, p.Last = append(p.Lines, l), max(p.Last, l.Epochs)
		}
	}
	p.Y = valuesOf(p.Lines)
	return p
}

// valuesOf is the axis of all points and their bands.
func valuesOf(lines []Line) Axis {
	y := Axis{math.Inf(1), math.Inf(-1)}
	for _, l := range lines {
		for _, p := range l.Points {
			y = Axis{min(y.Low, p.Low), max(y.High, p.High)}
		}
	}
	return y
}

// Series is a line of a value for each epoch from the first on.
func Series(name string, values []float64) Line {
	l := Line{Name: name, Epochs: len(values)}
	for i, v := range values {
		if words.Finite(v) {
			l.Points = append(l.Points, Point{i + 1, v, v, v})
		}
	}
	return l
}

const (
	accuracyTitle = "validation accuracy, percent"
	lossTitle     = "train loss"
)

// Accuracies plots the validation accuracy of a run, in percent, and marks the best epoch.
func Accuracies(epochs []store.Epoch) Plot {
	p := New(accuracyTitle, series("", epochs, 100, func(e store.Epoch) float64 { return e.ValAccuracy }))
	if best := words.BestEpoch(epochs); best != nil {
		p.Mark = best.Epoch
	}
	return p
}

// TrainLosses plots the training loss of a run.
func TrainLosses(epochs []store.Epoch) Plot { return New(lossTitle, trainLosses(epochs)) }

// Losses plots both losses of a run.
func Losses(epochs []store.Epoch) Plot {
	return New("Loss", trainLosses(epochs),
		series("validation loss", epochs, 1, func(e store.Epoch) float64 { return e.ValLoss }))
}

func trainLosses(epochs []store.Epoch) Line {
	return series("train loss", epochs, 1, func(e store.Epoch) float64 { return e.TrainLoss })
}

// series is a line of one field of every epoch, times scale.
func series(name string, epochs []store.Epoch, scale float64, field func(store.Epoch) float64) Line {
	values := make([]float64, len(epochs))
	for i, e := range epochs {
		values[i] = scale * field(e)
	}
	return Series(name, values)
}

// ComparedAccuracies plots the validation accuracy of every side of a comparison, in percent.
func ComparedAccuracies(c compare.Comparison) Plot {
	return compared(accuracyTitle, c, 100, func(p compare.Point) *compare.Band { return p.ValAccuracy })
}

// ComparedLosses plots the training loss of every side of a comparison.
func ComparedLosses(c compare.Comparison) Plot {
	return compared(lossTitle, c, 1, func(p compare.Point) *compare.Band { return p.TrainLoss })
}

func compared(title string, c compare.Comparison, scale float64, value func(compare.Point) *compare.Band) Plot {
	lines := make([]Line, len(c.Curves))
	for i, curve := range c.Curves {
		lines[i] = Line{Name: CurveName(c, i), Label: curve.Label}
		for _, p := range curve.Points {
			lines[i].Epochs = p.Epoch
			if b := value(p); b != nil {
				lines[i].Points = append(lines[i].Points, Point{p.Epoch, scale * b.Mean, scale * b.Least, scale * b.Greatest})
			}
		}
	}
	return New(title, lines...)
}

// CurveName says what the curve of side i of a comparison is of.
func CurveName(c compare.Comparison, i int) string {
	s, one := c.Sides[i], c.Curves[i]
	of := fmt.Sprintf("mean over %d seeds", s.Seeds)
	switch {
	case len(one.Points) == 0:
		of = "no epoch"
	case one.OneRun || s.Seeds == 1:
		of = fmt.Sprintf("seed %d", s.Seed)
	}
	return fmt.Sprintf("%s %s, %s", s.Label, words.Clean(s.Experiment), of)
}

// Pieces are the points of a line between its gaps.
func (l Line) Pieces() [][]Point {
	var pieces [][]Point
	for i, p := range l.Points {
		if i == 0 || p.Epoch > l.Points[i-1].Epoch+1 {
			pieces = append(pieces, nil)
		}
		last := len(pieces) - 1
		pieces[last] = append(pieces[last], p)
	}
	return pieces
}

// WithoutBands is the plot of the values alone, for a medium that draws no bands.
func (p Plot) WithoutBands() Plot {
	p.Lines = slices.Clone(p.Lines)
	for i := range p.Lines {
		points := slices.Clone(p.Lines[i].Points)
		for k := range points {
			points[k].Low, points[k].High = points[k].Value, points[k].Value
		}
		p.Lines[i].Points = points
	}
	p.Y = valuesOf(p.Lines)
	return p
}
