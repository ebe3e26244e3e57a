package words

import (
	"fmt"
	"image"
	"image/color"
)

// NewImage makes an image of pixels, whose shape is (height, width, channels).
func NewImage(pixels []byte, shape [3]int) (*image.RGBA, error) {
	height, width, channels := shape[0], shape[1], shape[2]
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
