package term

import (
	"math"
	"strconv"

	"github.com/guptarohit/asciigraph"

	"runner/internal/view/plot"
)

const (
	curveHeight = 10 // rows
	curveWidth  = 64 // cells, at most
	// curveMargin is what labels and axis need beside the curves, in cells.
	curveMargin = 14
)

// drawPlot draws a plot without its title, the first epoch at the left, that fits width cells (0: any). It is empty
// where no line has two points to join.
func drawPlot(p plot.Plot, width int, options ...asciigraph.Option) string {
	// The library's arithmetic overflows on large or close values, so it gets them as 0 to 1 and the labels are
	// translated back.
	top := 0.0
	if p.Y.High > p.Y.Low {
		top = 1
	}
	most := 0
	series := make([][]float64, len(p.Lines))
	for i, l := range p.Lines {
		series[i] = make([]float64, p.Last)
		for epoch := range series[i] {
			series[i][epoch] = math.NaN() // a gap
		}
		for _, point := range l.Points {
			series[i][point.Epoch-1] = top * p.Y.At(point.Value)
		}
		most = max(most, len(l.Points))
	}
	if most < 2 {
		return ""
	}
	label := p.Y.Label()
	room := curveWidth
	if width > 0 {
		room = max(min(room, width-curveMargin), 10)
	}
	return asciigraph.PlotMany(series, append([]asciigraph.Option{
		asciigraph.Height(curveHeight),
		// Given, because a value between two gaps may fall between the points drawn.
		asciigraph.LowerBound(0),
		asciigraph.UpperBound(top),
		asciigraph.Width(room),
		asciigraph.XAxisRange(1, float64(p.Last)),
		asciigraph.XAxisTickCount(min(5, p.Last)),
		asciigraph.XAxisValueFormatter(func(v float64) string { return strconv.Itoa(int(math.Round(v))) }),
		asciigraph.YAxisValueFormatter(func(v float64) string { return label(p.Y.Low*(1-v) + p.Y.High*v) }),
	}, options...)...)
}
