package plot

import (
	"image/color"
	"math"
)

// Colours of Okabe and Ito, "Color Universal Design" (2008): people with any kind of colour vision can tell them apart.
// They mean the same wherever curves and matrices are drawn. Greys are for the rest.
var (
	RightColor = color.RGBA{0x00, 0x72, 0xb2, 0xff} // blue
	WrongColor = color.RGBA{0xd5, 0x5e, 0x00, 0xff} // vermillion
	MoreColor  = color.RGBA{0xcc, 0x79, 0xa7, 0xff} // reddish purple
	LessColor  = color.RGBA{0x00, 0x9e, 0x73, 0xff} // bluish green
	OtherColor = color.RGBA{0xbd, 0xbd, 0xbd, 0xff}
	InkColor   = color.RGBA{0x22, 0x22, 0x22, 0xff}
	FaintColor = color.RGBA{0x70, 0x70, 0x70, 0xff}
	GridColor  = color.RGBA{0xe2, 0xe2, 0xe2, 0xff}
)

// LineColors are the colours of the lines of a plot, in order: all of Okabe and Ito's that stand out on white.
var LineColors = []color.RGBA{
	{0x00, 0x72, 0xb2, 0xff}, // blue
	{0xd5, 0x5e, 0x00, 0xff}, // vermillion
	{0x00, 0x9e, 0x73, 0xff}, // bluish green
	{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
	{0xe6, 0x9f, 0x00, 0xff}, // orange
	{0x56, 0xb4, 0xe9, 0xff}, // sky blue
	{0x00, 0x00, 0x00, 0xff}, // black
}

// LineDashes are their dashes, in points; nil is a solid line. They tell lines apart where colours do not.
var LineDashes = [][]float64{
	nil, {6, 3}, {2, 2.5}, {9, 2, 2, 2}, {12, 3.5}, {4, 2}, {9, 2, 2, 2, 2, 2},
}

// shaded goes from white at a share of 0 to full at 1.
func shaded(full color.RGBA, share float64) color.RGBA {
	mix := func(c uint8) uint8 { return uint8(math.Round(255 - share*float64(255-c))) }
	return color.RGBA{mix(full.R), mix(full.G), mix(full.B), 0xff}
}

// luminance is the relative luminance of a colour, 0 to 1 (Web Content Accessibility Guidelines 2.2).
func luminance(c color.RGBA) float64 {
	linear := func(c uint8) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
