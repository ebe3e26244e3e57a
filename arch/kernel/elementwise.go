package kernel

// Mul computes dst = a*b, element by element. dst may be a or b.
func Mul(p *Pool, a, b, dst []float32) {
	p.each(len(dst), func(from, to int) {
		a, b, dst := a[from:to], b[from:to], dst[from:to]
		for i := range dst {
			dst[i] = a[i] * b[i]
		}
	})
}

// Normalize scales bytes to [0, 1]: dst = src/255.
func Normalize(dst []float32, src []byte) {
	dst = dst[:len(src)]
	for i, v := range src {
		dst[i] = float32(v) / 255
	}
}
