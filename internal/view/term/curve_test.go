package term

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"runner/internal/view/plot"
	"runner/internal/view/words"
)

func drawn(values []float64, width int) string {
	return drawPlot(plot.New("", plot.Series("", values)), width)
}

// Any series is drawn without a panic, within the width, and labelled in at most eleven cells.
func TestCurveProperty(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-1e300, 1e300), rapid.Float64Range(0, 3), rapid.Just(math.NaN()),
		rapid.Just(math.Inf(1)),
		rapid.Just(1.0), rapid.Just(math.Nextafter(1, 2)), rapid.Just(5e-324))
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(40, 100).Draw(t, "width")
		text := drawn(rapid.SliceOf(value).Draw(t, "values"), width)
		for line := range strings.Lines(text) {
			if words.Cells(strings.TrimSuffix(line, "\n")) > width {
				t.Fatalf("%d is too narrow for\n%s", width, text)
			}
		}
	})
}

func TestCurve(t *testing.T) {
	if got := drawn([]float64{1}, 0) + drawn(nil, 0) + drawn([]float64{1, math.NaN()}, 0); got != "" {
		t.Errorf("a curve of fewer than two values:\n%s", got)
	}
	rising := strings.Split(drawn([]float64{0, 10}, 0), "\n")
	if first, last := rising[0], rising[curveHeight]; !strings.HasPrefix(first, " 10 ┤") ||
		!strings.HasPrefix(last, "  0 ┼") {
		t.Errorf("axis from %q to %q", last, first)
	}
}
