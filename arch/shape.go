package arch

import (
	"fmt"
	"strconv"
	"strings"

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
	var b strings.Builder
	for i, d := range s {
		if i > 0 {
			b.WriteByte('x')
		}
		b.WriteString(strconv.Itoa(d))
	}
	return b.String()
}

// Padding says what lies beyond the edges of a picture.
type Padding string

const (
	// Same pads with zeros so that a stride of 1 keeps the size.
	Same Padding = "same"
	// Valid does not pad.
	Valid Padding = "valid"
)

// window is how a kernel or a pool slides over one picture.
type window struct {
	out       [2]int // height, width
	top, left int    // padding before the first row and column
}

// slide returns the window's geometry. Padding same is TensorFlow's: the
// output has ceil(in/stride) rows, and of the padding they need in all,
// max((out-1)*stride + kernel - in, 0), the odd one lies at the bottom and
// right.
func slide(in Shape, word string, kernel, stride spec.Pair, padding Padding) (window, error) {
	if len(in) != 3 {
		return window{}, notAPicture(in)
	}
	var w window
	var before [2]int
	for i := range 2 {
		if padding == Valid {
			if kernel[i] > in[i] {
				return window{}, &argError{word, fmt.Sprintf("%s %s is larger than its %dx%d input with padding valid",
					word, pairString(kernel), in[0], in[1])}
			}
			w.out[i] = (in[i]-kernel[i])/stride[i] + 1
			continue
		}
		w.out[i] = (in[i] + stride[i] - 1) / stride[i]
		before[i] = max((w.out[i]-1)*stride[i]+kernel[i]-in[i], 0) / 2
	}
	w.top, w.left = before[0], before[1]
	return w, nil
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
