package figure

import (
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"path/filepath"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"runner/internal/files"
	"runner/internal/view/plot"
	"runner/internal/view/words"
)

// Lengths in figures are multiples of a dot, 1/figureDPI inch, so that pictures of 32x32 pixels fall on whole dots.
const (
	figureDPI = 160
	dot       = vg.Inch / figureDPI
	margin    = 36 * dot
	side      = 192 * dot // the longer side of a picture
)

// writeFigure writes a drawing with its description to a .png or .svg file, which is written whole or not at all.
func writeFigure(path string, size vg.Point, description string, drawing func(draw.Canvas)) error {
	var canvas vg.CanvasWriterTo
	switch ext := filepath.Ext(path); strings.ToLower(ext) {
	case ".png":
		canvas = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(size.X, size.Y), vgimg.UseDPI(figureDPI))}
	case ".svg":
		canvas = svgCanvas{vgsvg.New(size.X, size.Y), description}
	default:
		return fmt.Errorf("figure %s: expected a name that ends in .png or .svg, got %q", path, ext)
	}
	drawing(draw.NewCanvas(canvas, size.X, size.Y))
	return files.WriteFile(path, func(w io.Writer) error {
		_, err := canvas.WriteTo(w)
		return err
	})
}

// fonts are the styles of text in figures.
type fonts struct{ title, name, label, strong, small text.Style }

func newFonts() fonts {
	cache := font.NewCache(liberation.Collection())
	style := func(size vg.Length, weight xfont.Weight, c color.Color) text.Style {
		return text.Style{
			Color:   c,
			Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight, Size: size},
			YAlign:  text.YCenter,
			Handler: text.Plain{Fonts: cache},
		}
	}
	return fonts{
		title: style(15, xfont.WeightBold, plot.InkColor), name: style(10, xfont.WeightBold, plot.InkColor),
		label: style(9, xfont.WeightNormal, plot.InkColor), strong: style(9, xfont.WeightBold, plot.InkColor),
		small: style(8, xfont.WeightNormal, plot.FaintColor),
	}
}

// cut shortens a name until it is narrow enough to be drawn.
func cut(style text.Style, name string, width vg.Length) string {
	name = words.Clean(name)
	if style.Width(name) <= width {
		return name
	}
	letters := []rune(name)
	for len(letters) > 0 && style.Width(string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
}

// write writes one line of text, vertically centred at y.
func write(c draw.Canvas, style text.Style, align text.XAlignment, x, y vg.Length, words string) {
	style.XAlign = align
	c.FillText(style, vg.Point{X: x, Y: y}, words)
}

// fill fills a rectangle whose lower left corner is (x, y).
func fill(c draw.Canvas, shade color.Color, x, y, width, height vg.Length) {
	c.FillPolygon(shade, []vg.Point{{X: x, Y: y}, {X: x + width, Y: y}, {X: x + width, Y: y + height},
		{X: x, Y: y + height}})
}

func line(c draw.Canvas, shade color.Color, x0, y0, x1, y1 vg.Length) {
	c.StrokeLine2(draw.LineStyle{Color: shade, Width: 1.5 * dot}, x0, y0, x1, y1)
}

// snap moves a coordinate to a whole dot.
func snap(x vg.Length) vg.Length { return vg.Length(math.Round(float64(x/dot))) * dot }

// drawImage draws a picture, its longer side enlarged to side and its upper edge centred at (middle, top), and returns
// where its lower edge is.
func drawImage(c draw.Canvas, img *image.RGBA, middle, top vg.Length) vg.Length {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	longer := max(width, height)
	k := max(1, int(side/dot)/longer) // dots a pixel: the canvas would blur if it enlarged
	w, h := side*vg.Length(width)/vg.Length(longer), side*vg.Length(height)/vg.Length(longer)
	x, y := snap(middle-w/2), snap(top-h)
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + w, Y: y + h}}, enlarge(img, k))
	return y
}
