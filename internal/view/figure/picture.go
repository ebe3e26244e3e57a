package figure

import (
	"fmt"
	"image"
	"image/png"
	"io"
	"path/filepath"
	"strings"

	"runner/internal/files"
	"runner/internal/view/words"
)

// PNG writes a picture, the shape of its pixels (height, width, channels), to a .png file, every pixel enlarged to a
// square of scale x scale. The file is written whole or not at all.
func PNG(path string, pixels []byte, shape [3]int, scale int) error {
	if ext := filepath.Ext(path); !strings.EqualFold(ext, ".png") {
		return fmt.Errorf("picture %s: expected a name that ends in .png, got %q", path, ext)
	}
	if scale < 1 || scale > 256 {
		return fmt.Errorf("picture %s: expected a scale from 1 to 256, got %d", path, scale)
	}
	img, err := words.NewImage(pixels, shape)
	if err != nil {
		return err
	}
	return files.WriteFile(path, func(w io.Writer) error { return png.Encode(w, enlarge(img, scale)) })
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
