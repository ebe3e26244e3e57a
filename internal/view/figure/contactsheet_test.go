package figure

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"runner/internal/view/plot"
	"runner/internal/view/viewtest"
	"runner/store"
)

// mistaken are predictions of which those with an odd index are wrong, and the later
// the worse.
func mistaken(n int) []store.Prediction {
	all := make([]store.Prediction, n)
	for i := range all {
		logits := []float64{float64(i + 1), 0}
		all[i] = store.Prediction{Index: i, Label: i % 2, Logits: logits, Probabilities: []float64{1, 0},
			Pixels: viewtest.Pixels(2, 3, 3)}
	}
	return all
}

func TestWorst(t *testing.T) {
	var got []int
	for _, p := range worst(mistaken(10), 3) {
		got = append(got, p.Index)
	}
	if want := []int{9, 7, 5}; !slices.Equal(got, want) {
		t.Errorf("examples %v, want %v", got, want)
	}
	if right := worst(mistaken(1), 3); len(right) > 0 {
		t.Errorf("%d mistakes in what is right", len(right))
	}
}

func TestCrossEntropy(t *testing.T) {
	for _, c := range []struct {
		logits []float64
		label  int
		want   float64
	}{
		{[]float64{0, 0}, 1, math.Ln2},
		{[]float64{1000, 0}, 1, 1000}, // where the probability is 0
		{[]float64{1000, 0}, 0, 0},
	} {
		if got := crossEntropy(c.logits, c.label); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%v, label %d: %v, want %v", c.logits, c.label, got, c.want)
		}
	}
}

// A sheet has a place for everything: nothing touches its edge, whatever there is to
// draw, and the colours that carry the meaning are there.
func TestContactSheet(t *testing.T) {
	for _, c := range []struct {
		name        string
		predictions int
		classes     []string
		epochs      int
	}{
		{"no mistakes, one epoch", 1, []string{"disc", "ring"}, 1},
		{"a few", 5, []string{viewtest.Hostile, strings.Repeat("W", 80)}, 3},
		{"more than there is room for, a loss that is no number", 200, viewtest.Classes, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := viewtest.Shown()
			s.Run.Experiment = strings.Repeat("a-long-name", 30)
			s.Classes, s.Epochs = c.classes, s.Epochs[:c.epochs]
			path := filepath.Join(t.TempDir(), "x.png")
			if err := ContactSheet(path, s, mistaken(c.predictions), [3]int{2, 3, 3}); err != nil {
				t.Fatal(err)
			}
			img := decode(t, path)
			found := map[[3]byte]int{}
			for y := range img.Bounds().Dy() {
				for x := range img.Bounds().Dx() {
					r, g, b, _ := img.At(x, y).RGBA()
					found[[3]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)}]++
					if (x == 0 || y == 0 || x == img.Bounds().Dx()-1 || y == img.Bounds().Dy()-1) && r+g+b != 3*0xffff {
						t.Fatalf("something touches the edge at (%d, %d)", x, y)
					}
				}
			}
			pictures := min(c.predictions/2, mostMistakes)
			dots := int(side/dot) / 3
			if got := found[[3]byte(viewtest.Pixels(2, 3, 3)[3:6])]; got != pictures*dots*dots {
				t.Errorf("%d dots of a pixel of every picture, want %d", got, pictures*dots*dots)
			}
			if found[[3]byte{plot.RightColor.R, plot.RightColor.G, plot.RightColor.B}] < 1000 {
				t.Error("what is right has not its colour")
			}
			if wrong := found[[3]byte{plot.WrongColor.R, plot.WrongColor.G, plot.WrongColor.B}] > 1000; wrong != (pictures > 0) {
				t.Errorf("the colour of what is wrong: %v, with %d mistakes", wrong, pictures)
			}
		})
	}
}

func TestContactSheetDescription(t *testing.T) {
	s := viewtest.Shown()
	s.Classes = []string{"disc", "<ring>"}
	path := filepath.Join(t.TempDir(), "x.svg")
	if err := ContactSheet(path, s, mistaken(5), [3]int{2, 3, 3}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"seed-cnn, run 3f9a01c4: 60.00% of 5 validation examples right",
		"no. 3: &lt;ring&gt;, taken for disc 100%"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in the description", want)
		}
	}
}

func TestContactSheetRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.png")
	if err := ContactSheet(path, viewtest.Shown(), mistaken(5), [3]int{32, 32, 3}); err == nil ||
		!strings.Contains(err.Error(), path) {
		t.Errorf("pixels of another shape: %v", err)
	}
	if err := ContactSheet(strings.TrimSuffix(path, "png")+"gif", viewtest.Shown(), mistaken(5),
		[3]int{2, 3, 3}); err == nil {
		t.Error("a .gif was accepted")
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// Captions stay narrower than the distance of two pictures.
func TestCaptionsFit(t *testing.T) {
	s := viewtest.Shown()
	s.Classes = []string{strings.Repeat("W", 80), strings.Repeat("日", 50)}
	f, err := newSheet(s, mistaken(6), [3]int{2, 3, 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range f.mistakes {
		for _, width := range []vg.Length{f.fonts.label.Width(m.first), f.fonts.strong.Width(m.last)} {
			if width > captionWidth {
				t.Errorf("%q and %q take %v, more than %v", m.first, m.last, width, captionWidth)
			}
		}
	}
}
