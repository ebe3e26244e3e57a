package report

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	xfont "golang.org/x/image/font"
)

const figureTitle = "Softmax Predictions"

// Sizes of the figure. Lengths are multiples of 1/figureDPI inch, a dot, so that
// pictures of 32x32 pixels fall on whole dots.
const (
	figureDPI   = 160
	dot         = vg.Inch / figureDPI
	margin      = 36 * dot
	titleHeight = 64 * dot  // the figure's title
	nameHeight  = 36 * dot  // the class name over a picture
	side        = 192 * dot // the longer side of a picture
	barPitch    = 34 * dot  // between bars, at least
	barsWidth   = 340 * dot // a bar of probability 1
	valueWidth  = 80 * dot  // the percentage right of a bar
	footHeight  = 40 * dot  // tick labels
	rowGap      = 24 * dot
	columnGap   = 60 * dot
	legend      = 56 * dot
	longestName = 320 * dot // a class name is cut beyond it
)

// Colours of Okabe and Ito, "Color Universal Design" (2008): people with any
// kind of colour vision can tell them apart. The rest stays grey.
var (
	trueColor  = color.RGBA{0x00, 0x9e, 0x73, 0xff} // bluish green
	wrongColor = color.RGBA{0xd5, 0x5e, 0x00, 0xff} // vermillion
	otherColor = color.RGBA{0xbd, 0xbd, 0xbd, 0xff}
	inkColor   = color.RGBA{0x22, 0x22, 0x22, 0xff}
	faintColor = color.RGBA{0x70, 0x70, 0x70, 0xff}
	gridColor  = color.RGBA{0xe2, 0xe2, 0xe2, 0xff}
)

// Figure draws every example, its picture under the name of its true class,
// beside bars of its top most probable classes, to a .png or .svg file, which is
// written whole or not at all. Pixels are (height, width, channels).
func Figure(path string, predictions []Prediction, classes []string, top, height, width, channels int) error {
	f, err := newFigure(predictions, classes, top, height, width, channels)
	if err != nil {
		return fmt.Errorf("figure %s: %w", path, err)
	}
	var canvas vg.CanvasWriterTo
	switch ext := filepath.Ext(path); strings.ToLower(ext) {
	case ".png":
		canvas = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(f.size.X, f.size.Y), vgimg.UseDPI(figureDPI))}
	case ".svg":
		canvas = svgCanvas{vgsvg.New(f.size.X, f.size.Y), f.description()}
	default:
		return fmt.Errorf("figure %s: expected a name that ends in .png or .svg, got %q", path, ext)
	}
	f.draw(draw.NewCanvas(canvas, f.size.X, f.size.Y))
	return writeFile(path, func(w io.Writer) error {
		_, err := canvas.WriteTo(w)
		return err
	})
}

// figure is what to draw and where.
type figure struct {
	panels       []panel
	columns      int
	labels, head vg.Length // widths of the class names beside the bars, and of the picture's part
	body         vg.Length // height of a picture or of the bars, whichever is more
	size         vg.Point

	name, label, strong, small, title text.Style
}

// panel is one example.
type panel struct {
	Prediction
	img    *image.RGBA
	name   string   // of the true class
	ranked []int    // most probable classes
	names  []string // of the ranked classes
}

func newFigure(predictions []Prediction, classes []string, top, height, width, channels int) (*figure, error) {
	if len(predictions) == 0 {
		return nil, errors.New("expected at least one prediction, got none")
	}
	if top < 1 {
		return nil, fmt.Errorf("expected to draw the top 1 class or more, got %d", top)
	}
	fonts := font.NewCache(liberation.Collection())
	style := func(size vg.Length, weight xfont.Weight, c color.Color) text.Style {
		return text.Style{
			Color:   c,
			Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight, Size: size},
			YAlign:  text.YCenter,
			Handler: text.Plain{Fonts: fonts},
		}
	}
	f := &figure{
		columns: 1, head: side,
		title: style(15, xfont.WeightBold, inkColor), name: style(10, xfont.WeightBold, inkColor),
		label: style(9, xfont.WeightNormal, inkColor), strong: style(9, xfont.WeightBold, inkColor),
		small: style(8, xfont.WeightNormal, faintColor),
	}
	if len(predictions) > 5 {
		f.columns = 2
	}
	most := 0
	for _, p := range predictions {
		img, err := newImage(p.Pixels, height, width, channels)
		if err != nil {
			return nil, fmt.Errorf("example %d: %w", p.Index, err)
		}
		one := panel{Prediction: p, img: img, name: cut(f.name, className(classes, p.Label))}
		one.ranked = mostProbable(p.Probabilities, top)
		for _, class := range one.ranked {
			name := cut(f.strong, className(classes, class))
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

// cut shortens a name until it is narrow enough to be drawn.
func cut(style text.Style, name string) string {
	name = clean(name)
	if style.Width(name) <= longestName {
		return name
	}
	letters := []rune(name)
	for len(letters) > 0 && style.Width(string(letters)+"…") > longestName {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// description says in words what the figure shows.
func (f *figure) description() string {
	var out strings.Builder
	out.WriteString(figureTitle)
	for _, p := range f.panels {
		fmt.Fprintf(&out, "\nno. %d, %s:", p.Index, p.name)
		for i, class := range p.ranked {
			fmt.Fprintf(&out, " %s %s", p.names[i], tenths(p.Probabilities[class]))
		}
	}
	return out.String()
}
