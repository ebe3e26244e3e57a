package kernel

import (
	"math"
	"slices"
)

// Activation is a function applied to every element. Constants and formulas are
// PyTorch's.
type Activation uint8

const (
	Linear    Activation = iota
	ReLU                 // max(z, 0)
	LeakyReLU            // z if z > 0, else 0.01*z
	ELU                  // z if z > 0, else exp(z) - 1
	GELU                 // z*(1 + erf(z/sqrt(2)))/2, exact
	SiLU                 // z*sigmoid(z)
	Tanh                 // tanh(z)
	Sigmoid              // 1/(1 + exp(-z))
)

// leakySlope is the slope of LeakyReLU below zero.
const leakySlope float32 = 0.01

var activationNames = []string{"linear", "relu", "leaky_relu", "elu", "gelu", "silu", "tanh", "sigmoid"}

// String returns the function's name in experiment files: "leaky_relu".
func (a Activation) String() string { return activationNames[a] }

// Activations returns the names of all functions.
func Activations() []string { return slices.Clone(activationNames) }

// ParseActivation returns the function of that name, if there is one.
func ParseActivation(name string) (Activation, bool) {
	i := slices.Index(activationNames, name)
	return Activation(max(i, 0)), i >= 0
}

// NeedsInput reports whether Backward works from the input z. The other
// functions' derivatives follow from their output y.
func (a Activation) NeedsInput() bool { return a == GELU || a == SiLU }

// Forward computes y = a(z). y may be z.
func (a Activation) Forward(p *Pool, z, y []float32) {
	p.each(len(z), func(from, to int) { a.forward(z[from:to], y[from:to]) })
}

// Backward computes dz = dy*a'(z), from z if a.NeedsInput and else from y; the
// other may be nil. dz may be dy.
func (a Activation) Backward(p *Pool, z, y, dy, dz []float32) {
	known := y
	if a.NeedsInput() {
		known = z
	}
	p.each(len(dz), func(from, to int) { a.backward(known[from:to], dy[from:to], dz[from:to]) })
}

func (a Activation) forward(z, y []float32) {
	y = y[:len(z)]
	switch a {
	case Linear:
		copy(y, z)
	case ReLU:
		for i, v := range z {
			y[i] = max(v, 0) // the built-in max keeps NaN
		}
	case LeakyReLU:
		for i, v := range z {
			y[i] = v * leakyFactor(v)
		}
	case ELU:
		for i, v := range z {
			// The exponential part vanishes above zero.
			y[i] = max(v, 0) + float32(math.Exp(float64(min(v, 0)))-1)
		}
	case GELU:
		for i, v := range z {
			y[i] = float32(float64(v) * normalCDF(float64(v)))
		}
	case SiLU:
		for i, v := range z {
			y[i] = float32(float64(v) * sigmoid(float64(v)))
		}
	case Tanh:
		for i, v := range z {
			y[i] = float32(2*sigmoid(2*float64(v)) - 1) // off by 1e-16, and fast
		}
	case Sigmoid:
		for i, v := range z {
			y[i] = float32(sigmoid(float64(v)))
		}
	}
}

// backward takes in known the function's input or output, as NeedsInput says.
func (a Activation) backward(known, dy, dz []float32) {
	known, dy = known[:len(dz)], dy[:len(dz)]
	switch a {
	case Linear:
		copy(dz, dy)
	case ReLU:
		for i, y := range known {
			dz[i] = math.Float32frombits(math.Float32bits(dy[i]) & nonzero(y))
		}
	case LeakyReLU:
		for i, y := range known {
			dz[i] = dy[i] * leakyFactor(y)
		}
	case ELU:
		for i, y := range known {
			dz[i] = dy[i] * (min(y, 0) + 1) // exp(z) = y + 1 below zero
		}
	case GELU:
		for i, z := range known {
			z := float64(z)
			density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
			dz[i] = float32(float64(dy[i]) * (normalCDF(z) + z*density))
		}
	case SiLU:
		for i, z := range known {
			z := float64(z)
			s := sigmoid(z)
			dz[i] = float32(float64(dy[i]) * s * (1 + z*(1-s)))
		}
	case Tanh:
		for i, y := range known {
			dz[i] = float32(float64(dy[i]) * (1 - float64(y)*float64(y)))
		}
	case Sigmoid:
		for i, y := range known {
			dz[i] = float32(float64(dy[i]) * float64(y) * (1 - float64(y)))
		}
	}
}

// normalCDF is the standard normal distribution function.
func normalCDF(z float64) float64 { return 0.5 * (1 + math.Erf(z/math.Sqrt2)) }

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// leakyFactor returns LeakyReLU's slope at z. Signs are as good as random, so a
// look-up is faster than a branch.
func leakyFactor(z float32) float32 {
	positive := 0
	if z > 0 {
		positive = 1
	}
	return [2]float32{leakySlope, 1}[positive]
}

// nonzero returns a mask of ones, or of zeros if v is zero, without a branch.
func nonzero(v float32) uint32 {
	magnitude := math.Float32bits(v) << 1
	return uint32(int32(magnitude|-magnitude) >> 31)
}
