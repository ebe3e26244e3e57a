package kernel

import "math"

// The passes over one window in plain Go, pixel by pixel.

func maxWindowGo(y []float32, arg []int32, x []float32, rows, cols, stride, first int) {
	copy(y, x)
	for c := range arg {
		arg[c] = int32(first + c)
	}
	for row := range rows {
		for col := range cols {
			at := row*stride + col*len(y)
			if arg == nil {
				maxPixel(x[at:], y)
			} else {
				maxPixelArg(x[at:], y, arg, first+at)
			}
		}
	}
}

// maxPixel takes the elements of a pixel that exceed the maxima so far or are
// NaN; the first NaN stays. Which ones do is as good as random, so numbers are
// chosen without a branch.
func maxPixel(pixel, y []float32) {
	for c, v := range pixel[:len(y)] {
		best := y[c]
		if best != best {
			continue
		}
		value, kept := math.Float32bits(v), math.Float32bits(best)
		if v <= best {
			value = kept
		}
		y[c] = math.Float32frombits(value)
	}
}

// maxPixelArg is maxPixel with arg, for a pixel that is at from in the picture.
func maxPixelArg(pixel, y []float32, arg []int32, from int) {
	pixel, arg = pixel[:len(y)], arg[:len(y)]
	for c, v := range pixel {
		best, at := y[c], int32(from+c)
		if best != best {
			continue
		}
		value, kept, before := math.Float32bits(v), math.Float32bits(best), arg[c]
		if v <= best {
			value = kept
		}
		if v <= best {
			at = before
		}
		y[c], arg[c] = math.Float32frombits(value), at
	}
}

func maxWindowBackwardGo(dx, dy []float32, arg []int32, rows, cols, stride, first int, add bool) {
	if !add {
		for row := range rows {
			clear(dx[row*stride:][:cols*len(dy)])
		}
	}
	for c, v := range dy {
		dx[int(arg[c])-first] += v
	}
}

func meanWindowGo(y, x []float32, rows, cols, stride int, count float32) {
	clear(y)
	for row := range rows {
		for col := range cols {
			for c, v := range x[row*stride+col*len(y):][:len(y)] {
				y[c] += v
			}
		}
	}
	for c := range y {
		y[c] /= count
	}
}

func meanWindowBackwardGo(dx, dy []float32, rows, cols, stride int, count float32, add bool) {
	for row := range rows {
		for col := range cols {
			pixel := dx[row*stride+col*len(dy):][:len(dy)]
			if !add {
				clear(pixel)
			}
			for c, v := range dy {
				pixel[c] += v / count
			}
		}
	}
}
