package figure

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runner/internal/view/plot"
	"runner/internal/view/viewtest"
	"runner/store"
)

func TestFigurePNG(t *testing.T) {
	for _, n := range []int{1, 3, 16} {
		path := filepath.Join(t.TempDir(), "x.PNG")
		var many []store.Prediction
		for i := range n {
			many = append(many, viewtest.Predictions()[i%3])
		}
		if err := Predictions(path, many, viewtest.Classes, 3, [3]int{2, 3, 3}); err != nil {
			t.Fatal(err)
		}
		img := decode(t, path)
		// The picture's first pixel is in the figure as one of its own, unblurred,
		// and so are the colours of the bars; the edge is empty.
		found := map[[3]byte]int{}
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				r, g, b, _ := img.At(x, y).RGBA()
				found[[3]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)}]++
				if (x == 0 || y == 0 || x == img.Bounds().Dx()-1 || y == img.Bounds().Dy()-1) && r+g+b != 3*0xffff {
					t.Fatalf("%d examples: something touches the edge at (%d, %d)", n, x, y)
				}
			}
		}
		dots := int(side/dot) / 3
		for name, c := range map[string][3]byte{
			"a pixel": [3]byte(viewtest.Pixels(2, 3, 3)[3:6]), "the true class": {plot.RightColor.R, plot.RightColor.G,
				plot.RightColor.B},
			"another class": {plot.OtherColor.R, plot.OtherColor.G, plot.OtherColor.B}} {
			if found[c] < dots*dots/2 {
				t.Errorf("%d examples: %d dots of the colour of %s", n, found[c], name)
			}
		}
	}
}

func TestFigureSVG(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.svg")
	if err := Predictions(path, viewtest.Predictions(), []string{"airplane", "<&> " + viewtest.Hostile,
		strings.Repeat("long ", 40)}, 3, [3]int{2, 3, 3}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	elements := map[string]int{}
	description := ""
	for decoder := xml.NewDecoder(strings.NewReader(string(text))); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements[token.Name.Local]++
			if token.Name.Local == "desc" {
				if err := decoder.DecodeElement(&description, &token); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if elements["image"] != 3 || elements["text"] != 0 || elements["path"] < 30 {
		t.Errorf("elements %v, want 3 images, and letters as paths", elements)
	}
	if !strings.Contains(string(text), "data:image/png;base64,iVBOR") {
		t.Error("the images are not said to be PNG")
	}
	for _, want := range []string{"Softmax Predictions", "no. 1234, airplane: airplane 84.0% <&> a", "class 17"} {
		if !strings.Contains(description, want) {
			t.Errorf("no %q in the description %q", want, description)
		}
	}
}

func TestFigureRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.png")
	one := viewtest.Predictions()[:1]
	for name, err := range map[string]error{
		"a .pdf":         Predictions(strings.TrimSuffix(path, "png")+"pdf", one, viewtest.Classes, 3, [3]int{2, 3, 3}),
		"no predictions": Predictions(path, nil, viewtest.Classes, 3, [3]int{2, 3, 3}),
		"wrong pixels":   Predictions(path, one, viewtest.Classes, 3, [3]int{32, 32, 3}),
		"top 0":          Predictions(path, one, viewtest.Classes, 0, [3]int{2, 3, 3}),
	} {
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// Names are cut until they fit their place, whatever they hold.
func TestCutNames(t *testing.T) {
	f, err := newFigure(viewtest.Predictions(), viewtest.Classes, 3, [3]int{2, 3, 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"frog", strings.Repeat("W", 100), strings.Repeat("日", 50), viewtest.Hostile} {
		if got := f.strong.Width(cut(f.strong, name, longestName)); got > longestName {
			t.Errorf("%q takes %v, more than %v", cut(f.strong, name, longestName), got, longestName)
		}
	}
	if cut(f.strong, "frog", longestName) != "frog" {
		t.Error("a short name was cut")
	}
}
