package report

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// ramp is characters from dark to light.
const ramp = " .:-=+*#%@"

// Picture draws a picture, pixels (height, width, channels) with 3 channels
// (red, green, blue) or 1 (grey), in the terminal: two pixels a character cell
// in 24-bit colours, or without colours two characters a pixel, lighter pixels
// as denser characters. A picture wider than the terminal is made smaller.
func Picture(w io.Writer, pixels []byte, height, width, channels int, style Style) error {
	img, err := newImage(pixels, height, width, channels)
	if err != nil {
		return err
	}
	perPixel := 2 // cells
	if style.Color {
		perPixel = 1
	}
	if room := style.Width / perPixel; room > 0 {
		img = reduce(img, (width+room-1)/room)
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

// halfBlocks draws two rows of pixels a line: the upper one as the colour of an
// upper half block, the lower one as its background.
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

// greyRamp draws every pixel as two characters, about a square, and spreads the
// picture's own range of greys over all of them: there are few.
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

// PNG writes a picture, pixels as for Picture, to a .png file, every pixel
// enlarged to a square of scale x scale. The file is written whole or not at all.
func PNG(path string, pixels []byte, height, width, channels, scale int) error {
	if ext := filepath.Ext(path); !strings.EqualFold(ext, ".png") {
		return fmt.Errorf("picture %s: expected a name that ends in .png, got %q", path, ext)
	}
	if scale < 1 || scale > 256 {
		return fmt.Errorf("picture %s: expected a scale from 1 to 256, got %d", path, scale)
	}
	img, err := newImage(pixels, height, width, channels)
	if err != nil {
		return err
	}
	return WriteFile(path, func(w io.Writer) error { return png.Encode(w, enlarge(img, scale)) })
}

// newImage makes an image of pixels (height, width, channels).
func newImage(pixels []byte, height, width, channels int) (*image.RGBA, error) {
	if height < 1 || width < 1 || channels != 1 && channels != 3 {
		return nil, fmt.Errorf("picture: expected pixels with 1 or 3 channels, got shape %dx%dx%d", height, width, channels)
	}
	if len(pixels) != height*width*channels {
		return nil, fmt.Errorf("picture: expected %d bytes for shape %dx%dx%d, got %d",
			height*width*channels, height, width, channels, len(pixels))
	}
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range height * width {
		p := pixels[i*channels : (i+1)*channels]
		// With one channel, first and last are the same: grey.
		img.SetRGBA(i%width, i/width, color.RGBA{p[0], p[channels/2], p[channels-1], 255})
	}
	return img, nil
}

// enlarge repeats every pixel k x k times: edges stay sharp.
func enlarge(img *image.RGBA, k int) *image.RGBA {
	big := image.NewRGBA(image.Rect(0, 0, k*img.Rect.Dx(), k*img.Rect.Dy()))
	for y := range big.Rect.Dy() {
		for x := range big.Rect.Dx() {
			big.SetRGBA(x, y, img.RGBAAt(x/k, y/k))
		}
	}
	return big
}

// reduce averages every block of k x k pixels; what is left over at the right
// and at the bottom makes smaller blocks.
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
