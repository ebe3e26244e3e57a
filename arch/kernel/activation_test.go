package kernel

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// eachActivation runs a test for every function.
func eachActivation(t *testing.T, f func(t *testing.T, a Activation)) {
	for a := range Activation(len(activationNames)) {
		t.Run(a.String(), func(t *testing.T) { f(t, a) })
	}
}

func TestActivationNames(t *testing.T) {
	for i, name := range Activations() {
		if a, ok := ParseActivation(name); !ok || a != Activation(i) || a.String() != name {
			t.Errorf("ParseActivation(%q) gives %v, %v", name, a, ok)
		}
	}
	if a, ok := ParseActivation("softplus"); ok {
		t.Errorf("ParseActivation knows softplus: %v", a)
	}
}

func TestActivationAgainstNaive(t *testing.T) {
	p := newPool(t, active, 2)
	eachActivation(t, func(t *testing.T, a Activation) {
		z := random(1, 2*elements+3)
		for i := range z {
			z[i] *= 3
		}
		z[0], z[1] = 0, float32(math.Copysign(0, -1))
		y, expected := make([]float32, len(z)), make([]float32, len(z))
		for i, v := range z {
			expected[i] = float32(naiveActivation(a, float64(v)))
		}
		a.Forward(p, z, y)
		near(t, "y", y, expected)
		a.Forward(p, z, z)
		if !cmp.Equal(y, z) {
			t.Error("in place, the results differ")
		}
	})
}

// The derivative is that of the plain twin by central differences, at points
// away from the kinks.
func TestActivationFiniteDifferences(t *testing.T) {
	p := newPool(t, active, 2)
	eachActivation(t, func(t *testing.T, a Activation) {
		const step = 1e-5
		z, dy := random(1, 1000), random(2, 1000)
		expected := make([]float32, len(z))
		for i, v := range z {
			v += float32(math.Copysign(0.01, float64(v)))
			z[i] = v
			slope := (naiveActivation(a, float64(v)+step) - naiveActivation(a, float64(v)-step)) / (2 * step)
			expected[i] = dy[i] * float32(slope)
		}
		y, dz := make([]float32, len(z)), make([]float32, len(z))
		a.Forward(p, z, y)
		if a.NeedsInput() {
			y = nil
		} else {
			z = nil
		}
		a.Backward(p, z, y, dy, dz)
		near(t, "dz", dz, expected)
		a.Backward(p, z, y, dy, dy)
		if !cmp.Equal(dz, dy) {
			t.Error("in place, the results differ")
		}
	})
}

func TestActivationNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	p := newPool(t, active, 1)
	at := map[Activation][3]float32{ // at NaN, -Inf and Inf, as in PyTorch
		Linear: {nan, -inf, inf}, ReLU: {nan, 0, inf}, LeakyReLU: {nan, -inf, inf}, ELU: {nan, -1, inf},
		GELU: {nan, nan, inf}, SiLU: {nan, nan, inf}, Tanh: {nan, -1, 1}, Sigmoid: {nan, 0, 1},
	}
	eachActivation(t, func(t *testing.T, a Activation) {
		y, expected := make([]float32, 3), at[a]
		a.Forward(p, []float32{nan, -inf, inf}, y)
		for i, v := range y {
			if v != expected[i] && !(isNaN(v) && isNaN(expected[i])) {
				t.Errorf("received %v, expected %v", y, expected)
			}
		}
		// A NaN gradient passes wherever the function has a slope.
		z, dz := []float32{1}, []float32{0}
		a.Forward(p, z, y[:1])
		a.Backward(p, z, y[:1], []float32{nan}, dz)
		if !isNaN(dz[0]) {
			t.Errorf("a NaN gradient became %v", dz[0])
		}
	})
}

// At a kink, the slope is that of the left side, as in PyTorch.
func TestActivationKinks(t *testing.T) {
	p := newPool(t, active, 1)
	for a, slope := range map[Activation]float32{ReLU: 0, LeakyReLU: leakySlope, ELU: 1} {
		dz := make([]float32, 1)
		a.Backward(p, nil, []float32{0}, []float32{1}, dz)
		if dz[0] != slope {
			t.Errorf("%v: the slope at 0 is %v, expected %v", a, dz[0], slope)
		}
	}
}
