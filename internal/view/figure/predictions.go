package figure

import (
	"errors"
	"fmt"
	"image"
	"strings"

	"gonum.org/v1/plot/vg"

	"runner/internal/view/words"
	"runner/store"
)

const figureTitle = "Softmax Predictions"

// Sizes of the figure.
const (
	titleHeight = 64 * dot  // the figure's title
	nameHeight  = 36 * dot  // the class name over a picture
	barPitch    = 34 * dot  // between bars, at least
	barsWidth   = 340 * dot // a bar of probability 1
	valueWidth  = 80 * dot  // the percentage right of a bar
	footHeight  = 40 * dot  // tick labels
	rowGap      = 24 * dot
	columnGap   = 60 * dot
	legend      = 56 * dot
	longestName = 320 * dot // a class name is cut beyond it
)

// Predictions draws every example, its picture under the name of its true class, beside bars of its top most probable
// classes, to a .png or .svg file, which is written whole or not at all. The shape of pixels is (height, width,
// channels).
func Predictions(path string, predictions []store.Prediction, classes []string, top int, shape [3]int) error {
	f, err := newFigure(predictions, classes, top, shape)
	if err != nil {
		return fmt.Errorf("figure %s: %w", path, err)
	}
	return writeFigure(path, f.size, f.description(), f.draw)
}

// figure is what to draw and where.
type figure struct {
	panels       []panel
	columns      int
	labels, head vg.Length // widths of the class names beside the bars, and of the picture's part
	body         vg.Length // height of a picture or of the bars, whichever is more
	size         vg.Point

	fonts
}

// panel is one example.
type panel struct {
	store.Prediction
	img    *image.RGBA
	name   string   // of the true class
	ranked []int    // most probable classes
	names  []string // of the ranked classes
}

func newFigure(predictions []store.Prediction, classes []string, top int, shape [3]int) (*figure, error) {
	if len(predictions) == 0 {
		return nil, errors.New("expected at least one prediction, got none")
	}
	if top < 1 {
		return nil, fmt.Errorf("expected to draw the top 1 class or more, got %d", top)
	}
	f := &figure{columns: 1, head: side, fonts: newFonts()}
	if len(predictions) > 5 {
		f.columns = 2
	}
	most := 0
	for _, p := range predictions {
		img, err := words.NewImage(p.Pixels, shape)
		if err != nil {
			return nil, fmt.Errorf("example %d: %w", p.Index, err)
		}
		one := panel{Prediction: p, img: img, name: cut(f.name, words.ClassName(classes, p.Label), longestName)}
		one.ranked = words.MostProbable(p.Probabilities, top)
		for _, class := range one.ranked {
			name := cut(f.strong, words.ClassName(classes, class), longestName)
			one.names = append(one.names, name)
			f.labels = max(f.labels, f.strong.Width(name))
		}
		f.head = max(f.head, f.name.Width(one.name))
		most = max(most, len(one.ranked))
		f.panels = append(f.panels, one)
	}
	f.body = max(side, vg.Length(most)*barPitch)
	f.size = vg.Point{
		X: 2*margin + vg.Length(f.columns)*f.panelWidth() + vg.Length(f.columns-1)*columnGap,
		Y: margin + titleHeight + vg.Length(f.rows())*f.panelHeight() + vg.Length(f.rows()-1)*rowGap + legend + margin/2,
	}
	return f, nil
}

func (f *figure) rows() int { return (len(f.panels) + f.columns - 1) / f.columns }

func (f *figure) panelWidth() vg.Length {
	return f.head + columnGap/2 + f.labels + 8*dot + barsWidth + valueWidth
}

func (f *figure) panelHeight() vg.Length { return nameHeight + f.body + footHeight }

// description says in words what the figure shows.
func (f *figure) description() string {
	var out strings.Builder
	out.WriteString(figureTitle)
	for _, p := range f.panels {
		fmt.Fprintf(&out, "\nno. %d, %s:", p.Index, p.name)
		for i, class := range p.ranked {
			fmt.Fprintf(&out, " %s %s", p.names[i], words.Tenths(p.Probabilities[class]))
		}
	}
	return out.String()
}
