package kernel

import "math"

// Updates work on each element by itself. Hyperparameters are float64 and rounded once,
// after differences such as 1-Beta2, of which float32 would keep only a few digits.
//
// All slices of a call have the same length. The parameter w and the state buffers are
// changed in place; the gradient g is only read.

// SGD is stochastic gradient descent, with PyTorch's form of momentum (Sutskever
// et al. 2013, "On the importance of initialization and momentum in deep
// learning", but with the rate outside the velocity, so that a new rate acts at
// once):
//
//	d = g + WeightDecay*w
//	v = Momentum*v + d
//	w = w - Rate*v, or with Nesterov w - Rate*(d + Momentum*v)
type SGD struct {
	Rate, Momentum, WeightDecay float64
	Nesterov                    bool
}

// Update makes one step. The velocity v starts at zero; without momentum it is
// nil.
func (u SGD) Update(p *Pool, w, g, v []float32) {
	rate, momentum, decay := float32(u.Rate), float32(u.Momentum), float32(u.WeightDecay)
	if momentum == 0 {
		p.each(len(w), func(from, to int) { p.isa.vector.sgd(w[from:to], g[from:to], rate, decay) })
		return
	}
	step := p.isa.vector.momentum
	if u.Nesterov {
		step = p.isa.vector.nesterov
	}
	p.each(len(w), func(from, to int) {
		step(w[from:to], g[from:to], v[from:to], rate, momentum, decay)
	})
}

// RMSprop divides the gradient by a running root mean square of it (Hinton 2012,
// "Neural Networks for Machine Learning", lecture 6e), in PyTorch's form, which
// adds Eps outside the root and may add momentum:
//
//	d = g + WeightDecay*w
//	s = Alpha*s + (1-Alpha)*d*d
//	v = Momentum*v + d/(sqrt(s)+Eps)
//	w = w - Rate*v
type RMSprop struct {
	Rate, Alpha, Eps, Momentum, WeightDecay float64
}

// Update makes one step. The mean square s and the velocity v start at zero;
// without momentum v is nil.
func (u RMSprop) Update(p *Pool, w, g, s, v []float32) {
	rate, alpha, rest := float32(u.Rate), float32(u.Alpha), float32(1-u.Alpha)
	eps, momentum, decay := float32(u.Eps), float32(u.Momentum), float32(u.WeightDecay)
	p.each(len(w), func(from, to int) {
		w, g, s := w[from:to], g[from:to], s[from:to]
		if momentum == 0 {
			p.isa.vector.rmsprop(w, g, s, rate, alpha, rest, eps, decay)
		} else {
			p.isa.vector.rmspropMomentum(w, g, s, v[from:to], rate, alpha, rest, eps, momentum, decay)
		}
	})
}

// Adam keeps running means of the gradient and of its square, corrected for
// their start at zero (Kingma and Ba 2015, "Adam: a method for stochastic
// optimization", algorithm 1, with Eps added to the corrected root):
//
//	m = Beta1*m + (1-Beta1)*d
//	v = Beta2*v + (1-Beta2)*d*d
//	w = w - Rate * m/(1-Beta1^t) / (sqrt(v/(1-Beta2^t)) + Eps)
//
// Weight decay is either part of the gradient, d = g + WeightDecay*w, or, with
// Decoupled, shrinks the parameter by Rate*WeightDecay before the step and
// leaves d = g (AdamW: Loshchilov and Hutter 2019, "Decoupled weight decay
// regularization", in PyTorch's form, whose decay follows the rate).
type Adam struct {
	Rate, Beta1, Beta2, Eps, WeightDecay float64
	Decoupled                            bool
}

// Update makes step t, which counts from 1. The means m and v start at zero.
func (u Adam) Update(p *Pool, t int64, w, g, m, v []float32) {
	rate := float32(u.Rate / (1 - math.Pow(u.Beta1, float64(t))))
	unbias := float32(1 / math.Sqrt(1-math.Pow(u.Beta2, float64(t))))
	beta1, rest1 := float32(u.Beta1), float32(1-u.Beta1)
	beta2, rest2 := float32(u.Beta2), float32(1-u.Beta2)
	eps, decay, shrink := float32(u.Eps), float32(u.WeightDecay), float32(0)
	if u.Decoupled {
		// Not a factor 1-Rate*WeightDecay: rounded to float32 it could be off by
		// a percent of what it takes away, the same way in every step.
		decay, shrink = 0, float32(u.Rate*u.WeightDecay)
	}
	p.each(len(w), func(from, to int) {
		p.isa.vector.adam(w[from:to], g[from:to], m[from:to], v[from:to],
			rate, unbias, beta1, rest1, beta2, rest2, eps, decay, shrink)
	})
}
