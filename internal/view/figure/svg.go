package figure

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// svgCanvas is an SVG canvas that looks the same in every viewer: it draws text as outlines, since a viewer without our
// font would take a wider one and let names run into bars. For those who search or listen, the picture has a
// description.
type svgCanvas struct {
	*vgsvg.Canvas
	description string
}

// FillString draws one line of text from pt, the left end of its baseline.
func (c svgCanvas) FillString(face plotfont.Face, pt vg.Point, words string) {
	outline, err := textOutline(face, pt, words)
	if err != nil {
		c.Canvas.FillString(face, pt, words) // as text: still right where the font is known
		return
	}
	c.Fill(outline)
}

// textOutline is the outline of words, kerned as the font measures their width. A letter that the font lacks is an
// empty box.
func textOutline(face plotfont.Face, pt vg.Point, words string) (vg.Path, error) {
	var (
		path vg.Path
		buf  sfnt.Buffer
		prev sfnt.GlyphIndex
		x    fixed.Int26_6
	)
	// With as many 1/64 pixels as the font has units, nothing is rounded.
	em := fixed.Int26_6(face.Face.UnitsPerEm())
	scale := face.Font.Size / vg.Length(em)
	at := func(p fixed.Point26_6) vg.Point {
		// Fonts count y downwards here, canvases upwards.
		return vg.Point{X: pt.X + scale*vg.Length(x+p.X), Y: pt.Y - scale*vg.Length(p.Y)}
	}
	for i, letter := range words {
		glyph, err := face.Face.GlyphIndex(&buf, letter)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			if kern, err := face.Face.Kern(&buf, prev, glyph, em, font.HintingNone); err == nil {
				x += kern
			}
		}
		segments, err := face.Face.LoadGlyph(&buf, glyph, em, nil)
		if err != nil {
			return nil, err
		}
		for _, s := range segments {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				path.Move(at(s.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(at(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(at(s.Args[0]), at(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
			}
		}
		advance, err := face.Face.GlyphAdvance(&buf, glyph, em, font.HintingNone)
		if err != nil {
			return nil, err
		}
		x, prev = x+advance, glyph
	}
	return path, nil
}

// WriteTo writes the SVG document with its description.
func (c svgCanvas) WriteTo(w io.Writer) (int64, error) {
	var text, description bytes.Buffer
	if _, err := c.Canvas.WriteTo(&text); err != nil {
		return 0, err
	}
	if err := xml.EscapeText(&description, []byte(c.description)); err != nil {
		return 0, err
	}
	// The canvas calls its embedded PNG images JPEG, which strict viewers refuse to show.
	svg := bytes.ReplaceAll(text.Bytes(), []byte("data:image/jpg;"), []byte("data:image/png;"))
	svg = bytes.Replace(svg, []byte("<g "), fmt.Appendf(nil, "<desc>%s</desc>\n<g ", description.Bytes()), 1)
	n, err := w.Write(svg)
	return int64(n), err
}
