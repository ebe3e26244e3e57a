package kernel

import "slices"

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

	activations // how many there are
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

// NeedsInput reports whether Backward needs the input z. The derivatives of the other
// functions follow from their output y.
func (a Activation) NeedsInput() bool { return a == GELU || a == SiLU }

// Forward computes y = a(z). y may be z.
func (a Activation) Forward(p *Pool, z, y []float32) {
	forward := p.isa.vector.forward[a]
	p.each(len(z), func(from, to int) { forward(y[from:to], z[from:to]) })
}

// Backward computes dz = dy*a'(z), from z if a.NeedsInput, else from y; the other may
// be nil. dz may be dy.
func (a Activation) Backward(p *Pool, z, y, dy, dz []float32) {
	known, backward := y, p.isa.vector.backward[a]
	if a.NeedsInput() {
		known = z
	}
	p.each(len(dz), func(from, to int) { backward(dz[from:to], known[from:to], dy[from:to]) })
}
