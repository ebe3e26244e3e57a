package kernel

import "math"

func addRowsGo(dst, data []float32) {
	for ; len(data) > 0; data = data[len(dst):] {
		for i, v := range data[:len(dst)] {
			dst[i] += v
		}
	}
}

func copyRowsGo(dst []float32, stride int, src []float32, width, rows, vectors int) {
	for i := range rows {
		copy(dst[i*stride:][:8*vectors], src[i*width:])
	}
}

func transposeGo(dst []float32, stride int, src []float32, width, squares int) {
	for j := range 8 {
		for i, v := range src[j*width:][:8*squares] {
			dst[i*stride+j] = v
		}
	}
}

func addGo(dst, a, b []float32) {
	for i, v := range a {
		dst[i] = v + b[i]
	}
}

func scaleGo(dst, src []float32, factor float32) {
	for i, v := range src {
		dst[i] = factor * v
	}
}

func normalizeGo(dst []float32, src []byte) {
	for i, v := range src {
		dst[i] = float32(v) / 255
	}
}

func maximumGo(src []float32) float32 {
	largest := float32(math.Inf(-1))
	for _, v := range src {
		largest = max(largest, v)
	}
	return largest
}

func exponentialsGo(dst, src []float32, shift float32) float64 {
	sum := 0.0
	for i, v := range src {
		dst[i] = exp(v - shift)
		sum += float64(dst[i])
	}
	return sum
}

func dropoutGo(y, x []float32, words []uint32, kept []byte, threshold uint32, scale float32) {
	clear(kept)
	for i, v := range x {
		// Draws are random, so a look-up is faster than a branch.
		var bit byte
		if words[i] >= threshold {
			bit = 1
		}
		kept[i/8] |= bit << (i % 8)
		y[i] = v * [2]float32{0, scale}[bit]
	}
}

func dropoutBackwardGo(dx, dy []float32, kept []byte, scale float32) {
	for i, v := range dy {
		dx[i] = v * [2]float32{0, scale}[kept[i/8]>>(i%8)&1]
	}
}
