package figure

import (
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runner/internal/compare"
	"runner/internal/view/plot"
	"runner/internal/view/viewtest"
)

func TestCompareFigurePNG(t *testing.T) {
	many := viewtest.SideBySide()
	for i := range compare.Most - 3 {
		label := string(rune('D' + i))
		many.Sides = append(many.Sides, many.Sides[1])
		many.Accuracies = append(many.Accuracies, many.Accuracies[1])
		many.Curves = append(many.Curves, compare.Curve{Label: label, Points: many.Curves[1].Points})
		many.Answers = append(many.Answers, many.Answers[0])
	}
	for name, c := range map[string]compare.Comparison{"three": viewtest.SideBySide(), "most": many,
		"no answers": viewtest.Twins()} {
		path := filepath.Join(t.TempDir(), "x.png")
		if err := CompareFigure(path, c); err != nil {
			t.Fatal(err)
		}
		img := decode(t, path)
		found := map[color.RGBA]int{}
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				r, g, b, _ := img.At(x, y).RGBA()
				found[color.RGBA{byte(r >> 8), byte(g >> 8), byte(b >> 8), 0xff}]++
				if (x == 0 || y == 0 || x == img.Bounds().Dx()-1 || y == img.Bounds().Dy()-1) && r+g+b != 3*0xffff {
					t.Fatalf("%s: something touches the edge at (%d, %d)", name, x, y)
				}
			}
		}
		for i := range c.Sides {
			if found[plot.LineColors[i]] < 100 {
				t.Errorf("%s: %d dots in the colour of side %d", name, found[plot.LineColors[i]], i)
			}
		}
	}
}

func TestCompareFigureSVG(t *testing.T) {
	c := viewtest.SideBySide()
	c.Sides[0].Experiment = "<&>" + viewtest.Hostile
	c.Classes[0] = viewtest.Hostile
	path := filepath.Join(t.TempDir(), "x.svg")
	if err := CompareFigure(path, c); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"A &lt;&amp;&gt;a", "C linear, seed 1, 30.00%", "train loss",
		"confusion on validation, B less A", "dog right 600 -&gt; 540 (-60)", "stroke-dasharray"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in the figure", want)
		}
	}
	if strings.Contains(string(text), "<text") {
		t.Error("text that is not drawn as outlines")
	}
}

func TestCompareFigureRefuses(t *testing.T) {
	empty := viewtest.Twins()
	empty.Curves = []compare.Curve{{Label: "A"}, {Label: "B"}}
	dir := t.TempDir()
	for name, err := range map[string]error{
		"a .pdf":  CompareFigure(filepath.Join(dir, "x.pdf"), viewtest.SideBySide()),
		"nothing": CompareFigure(filepath.Join(dir, "x.png"), empty),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}
