package kernel

// The optimizers' steps in plain Go. The conversions forbid fusing, so that every
// processor rounds alike.

func sgdGo(w, g []float32, rate, decay float32) {
	g = g[:len(w)]
	for i := range w {
		w[i] -= float32(rate * (g[i] + float32(decay*w[i])))
	}
}

func momentumGo(w, g, v []float32, rate, momentum, decay float32) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		v[i] = float32(momentum*v[i]) + (g[i] + float32(decay*w[i]))
		w[i] -= float32(rate * v[i])
	}
}

func nesterovGo(w, g, v []float32, rate, momentum, decay float32) {
	g, v = g[:len(w)], v[:len(w)]
	for i := range w {
		d := g[i] + float32(decay*w[i])
		v[i] = float32(momentum*v[i]) + d
		w[i] -= float32(rate * (d + float32(momentum*v[i])))
	}
}

func rmspropGo(w, g, s []float32, rate, alpha, rest, eps, decay float32) {
	g, s = g[:len(w)], s[:len(w)]
	for i := range w {
		d := g[i] + float32(decay*w[i])
		s[i] = float32(alpha*s[i]) + float32(rest*d*d)
		w[i] -= float32(rate * (d / (sqrt(s[i]) + eps)))
	}
}

func rmspropMomentumGo(w, g, s, v []float32, rate, alpha, rest, eps, momentum, decay float32) {
	g, s, v = g[:len(w)], s[:len(w)], v[:len(w)]
	for i := range w {
		d := g[i] + float32(decay*w[i])
		s[i] = float32(alpha*s[i]) + float32(rest*d*d)
		v[i] = float32(momentum*v[i]) + d/(sqrt(s[i])+eps)
		w[i] -= float32(rate * v[i])
	}
}

func adamGo(w, g, m, v []float32, rate, unbias, beta1, rest1, beta2, rest2, eps, decay, shrink float32) {
	g, m, v = g[:len(w)], m[:len(w)], v[:len(w)]
	for i := range w {
		d := g[i] + float32(decay*w[i])
		m[i] = float32(beta1*m[i]) + float32(rest1*d)
		v[i] = float32(beta2*v[i]) + float32(rest2*d*d)
		w[i] -= float32(shrink*w[i]) + rate*m[i]/(float32(sqrt(v[i])*unbias)+eps)
	}
}
