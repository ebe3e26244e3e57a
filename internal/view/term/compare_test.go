package term

import (
	"bytes"
	"strings"
	"testing"

	"github.com/guptarohit/asciigraph"

	"runner/internal/view/plot"
	"runner/internal/view/viewtest"
	"runner/internal/view/words"
)

func TestCompareGolden(t *testing.T) {
	for _, s := range styles {
		viewtest.Golden(t, "compare-"+s.name, func(w *bytes.Buffer) error {
			return Compare(w, viewtest.SideBySide(),
				words.Table, s.style)
		})
	}
	for _, f := range []words.Format{words.JSON, words.Markdown} {
		viewtest.Golden(t, "compare-"+string(f), func(w *bytes.Buffer) error {
			return Compare(w, viewtest.SideBySide(), f,
				Style{})
		})
	}
	viewtest.Golden(t, "compare-twins", func(w *bytes.Buffer) error {
		return Compare(w, viewtest.Twins(), words.Table,
			Style{Width: 80})
	})
}

// No line is wider than the terminal, as long as that has room for a table.
func TestCompareWidth(t *testing.T) {
	for width := 60; width <= 200; width += 7 {
		var out bytes.Buffer
		if err := Compare(&out, viewtest.SideBySide(), words.Table, Style{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if line = strings.TrimSuffix(line, "\n"); words.Cells(line) > width {
				t.Errorf("width %d: %q", width, line)
			}
		}
	}
}

// Equal confusion matrices are reported as equal, and of many changes the greatest are shown.
func TestCompareShifts(t *testing.T) {
	c := viewtest.SideBySide()
	a := &c.Answers[0]
	a.Confusion = a.ConfusionA
	var out bytes.Buffer
	if err := Compare(&out, c, words.Table, Style{}); err != nil ||
		!strings.Contains(out.String(), "No count of the confusion matrix differs.") {
		t.Errorf("equal matrices: %v, %s", err, out.String())
	}
	a.ConfusionA, a.Confusion = make([][]int, 4), make([][]int, 4)
	for i := range 4 {
		a.ConfusionA[i], a.Confusion[i] = make([]int, 4), []int{i, 2, 40, 1}
	}
	out.Reset()
	if err := Compare(&out, c, words.Table, Style{}); err != nil ||
		!strings.Contains(out.String(), "5 smaller changes are in") ||
		strings.Contains(out.String(), "cat taken for class 3") {
		t.Errorf("15 changes: %v, %s", err, out.String())
	}
}

// Series of different lengths share one axis, and each is drawn in its letter.
func TestCurves(t *testing.T) {
	p := plot.New("", plot.Series("", []float64{0, 10}), plot.Series("", nil), plot.Series("", []float64{5, 5, 5, 5}))
	text := drawPlot(p, 0, asciigraph.SeriesChars(asciigraph.CreateCharSet("A"), asciigraph.CreateCharSet("C")))
	middle := strings.Split(text, "\n")[curveHeight/2]
	if !strings.Contains(text, "AAA") || strings.Count(middle, "C") < curveWidth-2 {
		t.Errorf("curves:\n%s", text)
	}
}
