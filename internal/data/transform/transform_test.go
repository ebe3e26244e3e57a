package transform

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Transforms follow one another, each told which example it changes.
func TestPass(t *testing.T) {
	var told []Example
	invert := func(e Example, pixels []byte, _ []float32) {
		told = append(told, e)
		for i := range pixels {
			pixels[i] = 255 - pixels[i]
		}
	}
	scale := Scale(func(x []float32, pixels []byte) {
		for i, v := range pixels {
			x[i] = float32(v) / 255
		}
	})
	double := func(e Example, _ []byte, x []float32) {
		told = append(told, e)
		for i := range x {
			x[i] *= 2
		}
	}
	x := make([]float32, 3)
	Pass{Seed: 7, Epoch: 3, Transforms: []Transform{invert, scale, double}}.Apply(5, []byte{0, 255, 204}, x)
	if diff := cmp.Diff([]float32{2, 0, 0.4}, x); diff != "" {
		t.Errorf("(-expected +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Example{{7, 3, 5}, {7, 3, 5}}, told); diff != "" {
		t.Errorf("transforms were told (-expected +got):\n%s", diff)
	}
}
