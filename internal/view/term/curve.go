package term

import (
	"math"
	"strconv"

	"github.com/guptarohit/asciigraph"

	"runner/internal/view/words"
)

const (
	curveHeight = 10 // rows
	curveWidth  = 64 // cells, at most
	// curveMargin is what labels and axis need beside the curve, in cells.
	curveMargin = 14
)

// curve draws one value an epoch, the first epoch at the left, and fits width
// cells (0: any). Values that are no numbers leave a gap. It is empty with fewer
// than two values to join.
func curve(values []float64, width int) string { return curves([][]float64{values}, width) }

// curves is curve for several over each other, of which those behind come first.
func curves(series [][]float64, width int, options ...asciigraph.Option) string {
	lowest, highest, count, epochs := math.Inf(1), math.Inf(-1), 0, 0
	for _, values := range series {
		finites := 0
		for _, v := range values {
			if words.Finite(v) {
				lowest, highest, finites = min(lowest, v), max(highest, v), finites+1
			}
		}
		count, epochs = max(count, finites), max(epochs, len(values))
	}
	if count < 2 {
		return ""
	}
	// The plot's own arithmetic overflows on large or close values, so it gets
	// them as 0 to 1 and the labels are translated back.
	top := 0.0
	if highest > lowest {
		top = 1
	}
	points := make([][]float64, len(series))
	for i, values := range series {
		points[i] = make([]float64, len(values))
		for j, v := range values {
			switch {
			case !words.Finite(v):
				points[i][j] = math.NaN()
			case highest > lowest:
				points[i][j] = v/(highest-lowest) - lowest/(highest-lowest)
			}
		}
	}
	label := words.AxisLabel(lowest, highest)

	room := curveWidth
	if width > 0 {
		room = max(min(room, width-curveMargin), 10)
	}
	return asciigraph.PlotMany(points, append([]asciigraph.Option{
		asciigraph.Height(curveHeight),
		// Given, because a value between two gaps may fall between the points drawn.
		asciigraph.LowerBound(0),
		asciigraph.UpperBound(top),
		asciigraph.Width(room),
		asciigraph.XAxisRange(1, float64(epochs)),
		asciigraph.XAxisTickCount(min(5, epochs)),
		asciigraph.XAxisValueFormatter(func(v float64) string { return strconv.Itoa(int(math.Round(v))) }),
		asciigraph.YAxisValueFormatter(func(v float64) string { return label(lowest + v*(highest-lowest)) }),
	}, options...)...)
}
