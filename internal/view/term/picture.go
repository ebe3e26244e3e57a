package term

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"slices"
	"strings"

	"runner/internal/view/words"
)

// ramp is characters from dark to light.
const ramp = " .:-=+*#%@"

// Picture draws a picture in the terminal, the shape of its pixels (height, width, channels) with 3 channels (red,
// green, blue) or 1 (grey): two pixels a character cell in 24-bit colours, or without colours two characters a pixel,
// lighter pixels as denser characters. A picture wider than the terminal is made smaller.
func Picture(w io.Writer, pixels []byte, shape [3]int, style Style) error {
	img, err := words.NewImage(pixels, shape)
	if err != nil {
		return err
	}
	perPixel := 2 // cells
	if style.Color {
		perPixel = 1
	}
	if room := style.Width / perPixel; room > 0 {
		img = reduce(img, (img.Rect.Dx()+room-1)/room)
	}
	var out strings.Builder
	if style.Color {
		halfBlocks(&out, img)
	} else {
		greyRamp(&out, img)
	}
	_, err = io.WriteString(w, out.String())
	return err
}

// halfBlocks draws two rows of pixels a line: the upper one as the colour of an upper half block, the lower one as its
// background.
func halfBlocks(out *strings.Builder, img *image.RGBA) {
	for y := 0; y < img.Rect.Dy(); y += 2 {
		for x := range img.Rect.Dx() {
			upper := img.RGBAAt(x, y)
			fmt.Fprintf(out, "\x1b[38;2;%d;%d;%d", upper.R, upper.G, upper.B)
			if y+1 < img.Rect.Dy() { // the last row of an odd number has nothing below
				lower := img.RGBAAt(x, y+1)
				fmt.Fprintf(out, ";48;2;%d;%d;%d", lower.R, lower.G, lower.B)
			}
			out.WriteString("m▀")
		}
		out.WriteString("\x1b[0m\n")
	}
}

// greyRamp draws every pixel as two characters, about a square, and spreads the picture's range of greys over the ramp.
func greyRamp(out *strings.Builder, img *image.RGBA) {
	greys := image.NewGray(img.Rect)
	draw.Draw(greys, greys.Rect, img, image.Point{}, draw.Src)
	darkest, lightest := slices.Min(greys.Pix), slices.Max(greys.Pix)
	for i, grey := range greys.Pix {
		step := len(ramp) / 2 // of a picture of one colour
		if lightest > darkest {
			step = int(grey-darkest) * (len(ramp) - 1) / int(lightest-darkest)
		}
		out.Write([]byte{ramp[step], ramp[step]})
		if (i+1)%greys.Rect.Dx() == 0 {
			out.WriteByte('\n')
		}
	}
}

// reduce averages every block of k x k pixels. Blocks at the right and at the bottom may be smaller.
func reduce(img *image.RGBA, k int) *image.RGBA {
	if k <= 1 {
		return img
	}
	width, height := img.Rect.Dx(), img.Rect.Dy()
	small := image.NewRGBA(image.Rect(0, 0, (width+k-1)/k, (height+k-1)/k))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			var r, g, b, n int
			for v := y * k; v < min((y+1)*k, height); v++ {
				for u := x * k; u < min((x+1)*k, width); u++ {
					c := img.RGBAAt(u, v)
					r, g, b, n = r+int(c.R), g+int(c.G), b+int(c.B), n+1
				}
			}
			small.SetRGBA(x, y, color.RGBA{uint8(r / n), uint8(g / n), uint8(b / n), 255})
		}
	}
	return small
}
