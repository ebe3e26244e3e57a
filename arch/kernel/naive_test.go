package kernel

import "math"

// The plain twins of the fast kernels: loops that follow the definition, with sums in
// double precision. Tests compare the fast kernels with them.

// naiveProduct computes c = bias + a*b. a: (m, k), b: (k, n), bias: (n).
func naiveProduct(m, n, k int, a, b, bias, c []float32) {
	for i := range m {
		for j := range n {
			sum := float64(bias[j])
			for l := range k {
				sum += float64(a[i*k+l]) * float64(b[l*n+j])
			}
			c[i*n+j] = float32(sum)
		}
	}
}

// naiveForward computes z. x, w, b and z as in Conv2D.Forward.
func (c *Conv2D) naiveForward(n int, x, w, b, z []float32) {
	sums := make([]float64, n*c.OutH*c.OutW*c.OutC)
	for i := range sums {
		sums[i] = float64(b[i%c.OutC])
	}
	c.naivePairs(n, true, func(in, weight, out int) {
		v := 0.0 // padding
		if in >= 0 {
			v = float64(x[in])
		}
		sums[out] += v * float64(w[weight])
	})
	round(sums, z)
}

// naiveBackward computes dx, dw and db as in Conv2D.Backward.
func (c *Conv2D) naiveBackward(n int, x, w, dz, dx, dw, db []float32) {
	sumX := make([]float64, n*c.InH*c.InW*c.C)
	sumW := make([]float64, len(w))
	sumB := make([]float64, c.OutC)
	c.naivePairs(n, false, func(in, weight, out int) {
		sumX[in] += float64(w[weight]) * float64(dz[out])
		sumW[weight] += float64(x[in]) * float64(dz[out])
	})
	for i := range n * c.OutH * c.OutW * c.OutC {
		sumB[i%c.OutC] += float64(dz[i])
	}
	round(sumX, dx)
	round(sumW, dw)
	round(sumB, db)
}

// naivePairs calls f for every input, weight and output that meet, by their
// indices; in is -1 for padding, which is left out unless asked for.
func (c *Conv2D) naivePairs(n int, padding bool, f func(in, weight, out int)) {
	for e := range n {
		for oy := range c.OutH {
			for ox := range c.OutW {
				for ky := range c.SizeH {
					for kx := range c.SizeW {
						iy, ix := oy*c.StrideH+ky-c.PadTop, ox*c.StrideW+kx-c.PadLeft
						inside := iy >= 0 && iy < c.InH && ix >= 0 && ix < c.InW
						if !inside && !padding {
							continue
						}
						for ic := range c.C {
							in := -1
							if inside {
								in = ((e*c.InH+iy)*c.InW+ix)*c.C + ic
							}
							for oc := range c.OutC {
								weight := ((ky*c.SizeW+kx)*c.C+ic)*c.OutC + oc
								f(in, weight, ((e*c.OutH+oy)*c.OutW+ox)*c.OutC+oc)
							}
						}
					}
				}
			}
		}
	}
}

func round(sums []float64, dst []float32) {
	for i, v := range sums {
		dst[i] = float32(v)
	}
}

// naiveWindows calls f for every output with the inputs in its window that are
// not padding, in order, as indices into the whole mini-batch.
func (g *Pool2D) naiveWindows(n int, f func(out int, in []int)) {
	for e := range n {
		for oy := range g.OutH {
			for ox := range g.OutW {
				for c := range g.C {
					var in []int
					for iy := oy*g.StrideH - g.PadTop; iy < oy*g.StrideH-g.PadTop+g.SizeH; iy++ {
						for ix := ox*g.StrideW - g.PadLeft; ix < ox*g.StrideW-g.PadLeft+g.SizeW; ix++ {
							if iy >= 0 && iy < g.InH && ix >= 0 && ix < g.InW {
								in = append(in, ((e*g.InH+iy)*g.InW+ix)*g.C+c)
							}
						}
					}
					f(((e*g.OutH+oy)*g.OutW+ox)*g.C+c, in)
				}
			}
		}
	}
}

// naiveMax computes the maxima and their gradients' sums.
func (g *Pool2D) naiveMax(n int, x, dy, y, dx []float32, arg []int32) {
	sums := make([]float64, n*g.InH*g.InW*g.C)
	g.naiveWindows(n, func(out int, in []int) {
		best := in[0]
		for _, i := range in {
			if isNaN(x[best]) {
				break
			}
			if isNaN(x[i]) || x[i] > x[best] {
				best = i
			}
		}
		y[out] = x[best]
		arg[out] = int32(best % (g.InH * g.InW * g.C))
		sums[best] += float64(dy[out])
	})
	round(sums, dx)
}

// naiveAvg computes the means and their gradients' sums.
func (g *Pool2D) naiveAvg(n int, x, dy, y, dx []float32) {
	sums := make([]float64, n*g.InH*g.InW*g.C)
	g.naiveWindows(n, func(out int, in []int) {
		sum := 0.0
		for _, i := range in {
			sum += float64(x[i])
			sums[i] += float64(dy[out]) / float64(len(in))
		}
		y[out] = float32(sum / float64(len(in)))
	})
	round(sums, dx)
}

func isNaN(v float32) bool { return math.IsNaN(float64(v)) }

// naiveActivation computes a(z).
func naiveActivation(a Activation, z float64) float64 {
	switch a {
	case ReLU:
		return math.Max(z, 0)
	case LeakyReLU:
		return math.Max(z, 0) + 0.01*math.Min(z, 0)
	case ELU:
		if z > 0 {
			return z
		}
		return math.Expm1(z)
	case GELU:
		return z / 2 * math.Erfc(-z/math.Sqrt2)
	case SiLU:
		return z / (1 + math.Exp(-z))
	case Tanh:
		return math.Tanh(z)
	case Sigmoid:
		return 1 / (1 + math.Exp(-z))
	}
	return z
}

// naiveLoss computes the losses, their mean, prob and dlogits for dloss 1.
func naiveLoss(n, classes int, logits []float32, labels []int32, prob, losses, dlogits []float32) float64 {
	mean := 0.0
	for i := range n {
		row := logits[i*classes:][:classes]
		largest := math.Inf(-1)
		for _, v := range row {
			largest = math.Max(largest, float64(v))
		}
		sum := 0.0
		for _, v := range row {
			sum += math.Exp(float64(v) - largest)
		}
		loss := math.Log(sum) + largest - float64(row[labels[i]])
		losses[i] = float32(loss)
		mean += loss / float64(n)
		for j, v := range row {
			q := math.Exp(float64(v)-largest) / sum
			prob[i*classes+j] = float32(q)
			if j == int(labels[i]) {
				q--
			}
			dlogits[i*classes+j] = float32(q / float64(n))
		}
	}
	return mean
}
