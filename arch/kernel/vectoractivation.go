package kernel

import "math"

// The activations in plain Go. Signs are as good as random, so branches on them are
// avoided where possible.

func linearGo(y, z []float32) { copy(y, z) }

func linearBackwardGo(dz, _, dy []float32) { copy(dz, dy) }

func reluGo(y, z []float32) {
	for i, v := range z {
		kept := math.Float32bits(v)
		if v <= 0 { // not so for NaN
			kept = 0
		}
		y[i] = math.Float32frombits(kept)
	}
}

func reluBackwardGo(dz, y, dy []float32) {
	for i, v := range y {
		dz[i] = math.Float32frombits(math.Float32bits(dy[i]) & nonzero(v))
	}
}

// nonzero returns a mask of ones, or of zeros if v is zero.
func nonzero(v float32) uint32 {
	magnitude := math.Float32bits(v) << 1
	return uint32(int32(magnitude|-magnitude) >> 31)
}

func leakyReLUGo(y, z []float32) {
	for i, v := range z {
		y[i] = v * leakyFactor(v)
	}
}

func leakyReLUBackwardGo(dz, y, dy []float32) {
	for i, v := range y {
		dz[i] = dy[i] * leakyFactor(v)
	}
}

// leakyFactor returns LeakyReLU's slope at z.
func leakyFactor(z float32) float32 {
	positive := 0
	if z > 0 {
		positive = 1
	}
	return [2]float32{leakySlope, 1}[positive]
}

func eluGo(y, z []float32) {
	for i, v := range z {
		// The exponential part vanishes above zero.
		y[i] = max(v, 0) + expm1(min(v, 0))
	}
}

func eluBackwardGo(dz, y, dy []float32) {
	for i, v := range y {
		dz[i] = dy[i] * (min(v, 0) + 1) // exp(z) = y + 1 below zero
	}
}

func geluGo(y, z []float32) {
	for i, v := range z {
		cdf, _ := normalCDF(v)
		y[i] = v * cdf
	}
}

func geluBackwardGo(dz, z, dy []float32) {
	const factor = 1 / (math.Sqrt2 * math.SqrtPi)
	for i, v := range z {
		cdf, density := normalCDF(v)
		dz[i] = dy[i] * (cdf + float32(v*float32(density*factor)))
	}
}

func siluGo(y, z []float32) {
	for i, v := range z {
		s, _ := sigmoids(v)
		y[i] = v * s
	}
}

func siluBackwardGo(dz, z, dy []float32) {
	for i, v := range z {
		s, rest := sigmoids(v) // the derivative of s is s*rest
		dz[i] = dy[i] * (s * (1 + float32(v*rest)))
	}
}

func tanhGo(y, z []float32) {
	for i, v := range z {
		y[i] = tanh(v)
	}
}

func tanhBackwardGo(dz, y, dy []float32) {
	for i, v := range y {
		dz[i] = dy[i] * ((1 - v) * (1 + v)) // 1 - v*v would cancel
	}
}

func sigmoidGo(y, z []float32) {
	for i, v := range z {
		y[i], _ = sigmoids(v)
	}
}

func sigmoidBackwardGo(dz, y, dy []float32) {
	for i, v := range y {
		dz[i] = dy[i] * v * (1 - v)
	}
}
