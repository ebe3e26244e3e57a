package arch

import (
	"fmt"
	"strconv"
	"strings"

	"runner/arch/kernel"
	"runner/internal/spec"
)

// Shape is the shape of one example, without the mini-batch's dimension:
// (height, width, channels) for pictures, (features) after flatten.
type Shape []int

// Size returns the number of elements.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// String returns the shape as 32x32x3.
func (s Shape) String() string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint([]int(s)), "[]"), " ", "x")
}

// Padding says what lies beyond the edges of a picture.
type Padding string

const (
	// Same pads with zeros so that a stride of 1 keeps the size.
	Same Padding = "same"
	// Valid does not pad.
	Valid Padding = "valid"
)

// slide returns the geometry of a window that slides over one picture; name is the
// argument that gives its size. Padding same is TensorFlow's: the output has
// ceil(in/stride) rows, which need max((out-1)*stride + size - in, 0) rows of padding in
// all, and an odd one lies at the bottom and right.
func slide(in Shape, name string, size, stride spec.Pair, padding Padding) (kernel.Window, error) {
	if len(in) != 3 {
		return kernel.Window{}, notAPicture(in)
	}
	var out, before [2]int // height, width
	for i := range 2 {
		if padding == Valid {
			if size[i] > in[i] {
				return kernel.Window{}, &argError{name, fmt.Sprintf(
					"%s %s is larger than its %dx%d input with padding valid", name, pairString(size), in[0], in[1])}
			}
			out[i] = (in[i]-size[i])/stride[i] + 1
			continue
		}
		out[i] = (in[i] + stride[i] - 1) / stride[i]
		before[i] = max((out[i]-1)*stride[i]+size[i]-in[i], 0) / 2
	}
	return kernel.Window{
		InH: in[0], InW: in[1], C: in[2],
		OutH: out[0], OutW: out[1],
		SizeH: size[0], SizeW: size[1],
		StrideH: stride[0], StrideW: stride[1],
		PadTop: before[0], PadLeft: before[1],
	}, nil
}

func notAPicture(in Shape) error {
	return fmt.Errorf("expected a picture (height x width x channels), got %v flat values: put it before flatten", in)
}

func pairString(p spec.Pair) string {
	if p[0] == p[1] {
		return strconv.Itoa(p[0])
	}
	return fmt.Sprintf("%dx%d", p[0], p[1])
}

// argError is a fault of one argument of a layer.
type argError struct {
	arg     string
	message string
}

func (e *argError) Error() string { return e.message }
