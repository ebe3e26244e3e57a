package kernel

// vector is the loops of an instruction set over consecutive elements. All slices of a
// call have one length unless a comment says otherwise; an output may be an input too.
// The assembly gives the bits of plain Go, except where an exponential is involved (see
// vectormath.go).
type vector struct {
	// addRows adds the rows of data, each as long as dst, to dst, one after another.
	addRows func(dst, data []float32)

	// copyRows copies rows of vectors of 8 elements, at least one of each. Rows are
	// width apart in src and stride apart in dst.
	copyRows func(dst []float32, stride int, src []float32, width, rows, vectors int)
	// transpose copies squares of 8x8 elements, at least one, which are side by side in
	// src, whose rows are width apart. Each is transposed, and they are one below the
	// other in dst, whose rows are stride apart.
	transpose func(dst []float32, stride int, src []float32, width, squares int)

	// add computes dst = a + b.
	add func(dst, a, b []float32)
	// scale computes dst = factor*src.
	scale func(dst, src []float32, factor float32)
	// normalize computes dst = src/255.
	normalize func(dst []float32, src []byte)
	// maximum returns the largest element, -Inf if there is none. With NaN the result is
	// undefined.
	maximum func(src []float32) float32
	// exponentials computes dst = exp(src-shift) and returns its sum in double precision.
	// No element exceeds shift.
	exponentials func(dst, src []float32, shift float32) float64

	// dropout drops the elements of x whose word is below threshold: y is 0*x for them
	// and scale*x for the others. Bit i%8 of kept[i/8] is set if element i is kept.
	dropout func(y, x []float32, words []uint32, kept []byte, threshold uint32, scale float32)
	// dropoutBackward computes dx, which is scale*dy or 0*dy.
	dropoutBackward func(dx, dy []float32, kept []byte, scale float32)

	// The window passes work on rows x cols pixels of a picture, of which the first
	// begins the slice x or dx. Rows are stride elements apart, pixels as many as there
	// are channels.

	// maxWindow computes the maxima y: (C) and, unless it is nil, arg: (C), where they
	// are in the picture. The window begins at element first of the picture.
	maxWindow func(y []float32, arg []int32, x []float32, rows, cols, stride, first int)
	// maxWindowBackward gives dy: (C) to the pixels of dx that arg names, and zeros to
	// the others. If add is set it adds, to values that are not -0; else it overwrites.
	maxWindowBackward func(dx, dy []float32, arg []int32, rows, cols, stride, first int, add bool)
	// meanWindow computes the means y: (C). count is rows*cols.
	meanWindow func(y, x []float32, rows, cols, stride int, count float32)
	// meanWindowBackward likewise gives dy/count to all pixels of dx.
	meanWindowBackward func(dx, dy []float32, rows, cols, stride int, count float32, add bool)

	// forward and backward are those of Activation.
	forward  [activations]func(y, z []float32)
	backward [activations]func(dz, known, dy []float32)

	// The optimizers' steps, as SGD, RMSprop and Adam say.
	sgd             func(w, g []float32, rate, decay float32)
	momentum        func(w, g, v []float32, rate, momentum, decay float32)
	nesterov        func(w, g, v []float32, rate, momentum, decay float32)
	rmsprop         func(w, g, s []float32, rate, alpha, rest, eps, decay float32)
	rmspropMomentum func(w, g, s, v []float32, rate, alpha, rest, eps, momentum, decay float32)
	adam            func(w, g, m, v []float32, rate, unbias, beta1, rest1, beta2, rest2, eps, decay, shrink float32)
}

// sumRows computes dst as the sum of the rows of data, each as long as dst and few. It
// adds up sums of few rows, which keeps rounding errors small for any number of rows.
func (v *vector) sumRows(dst, data, few []float32) {
	const rows = 64
	clear(dst)
	for len(data) > 0 {
		group := data[:min(rows*len(dst), len(data))]
		data = data[len(group):]
		clear(few)
		v.addRows(few, group)
		v.addRows(dst, few)
	}
}

// goVector is the loops in plain Go, which every processor can run.
var goVector = vector{
	addRows:      addRowsGo,
	copyRows:     copyRowsGo,
	transpose:    transposeGo,
	add:          addGo,
	scale:        scaleGo,
	normalize:    normalizeGo,
	maximum:      maximumGo,
	exponentials: exponentialsGo,

	dropout:         dropoutGo,
	dropoutBackward: dropoutBackwardGo,

	maxWindow:          maxWindowGo,
	maxWindowBackward:  maxWindowBackwardGo,
	meanWindow:         meanWindowGo,
	meanWindowBackward: meanWindowBackwardGo,

	forward: [...]func(y, z []float32){
		Linear: linearGo, ReLU: reluGo, LeakyReLU: leakyReLUGo, ELU: eluGo,
		GELU: geluGo, SiLU: siluGo, Tanh: tanhGo, Sigmoid: sigmoidGo,
	},
	backward: [...]func(dz, known, dy []float32){
		Linear: linearBackwardGo, ReLU: reluBackwardGo, LeakyReLU: leakyReLUBackwardGo, ELU: eluBackwardGo,
		GELU: geluBackwardGo, SiLU: siluBackwardGo, Tanh: tanhBackwardGo, Sigmoid: sigmoidBackwardGo,
	},

	sgd:             sgdGo,
	momentum:        momentumGo,
	nesterov:        nesterovGo,
	rmsprop:         rmspropGo,
	rmspropMomentum: rmspropMomentumGo,
	adam:            adamGo,
}
