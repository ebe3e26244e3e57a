package kernel

import (
	"math"
	"testing"
)

// spread returns every step-th float32 of one sign with a magnitude between two.
func spread(from, to float32, step uint32, negative bool) []float32 {
	var data []float32
	for b := math.Float32bits(from); b <= math.Float32bits(to); b += step {
		v := math.Float32frombits(b)
		if negative {
			v = -v
		}
		data = append(data, v)
	}
	return data
}

// worst returns the largest of the errors and where it is.
func worst(x, got []float32, measure func(x, got float64) float64) (most float64, at float32) {
	for i, v := range got {
		if e := measure(float64(x[i]), float64(v)); !(e <= most) {
			most, at = e, x[i]
		}
	}
	return most, at
}

// ulp is the distance of float32 numbers near x.
func ulp(x float64) float64 {
	_, exponent := math.Frexp(x)
	return math.Ldexp(1, max(exponent-24, -149))
}

// The exponential is accurate from 0 to where it vanishes, denormal results
// included.
func TestExponentialAccuracy(t *testing.T) {
	x := spread(0, 120, 1999, true)
	eachISA(t, func(t *testing.T, isa instructions) {
		got := make([]float32, len(x))
		isa.vector.exponentials(got, x, 0)
		e, at := worst(x, got, func(x, got float64) float64 { return math.Abs(got-math.Exp(x)) / ulp(math.Exp(x)) })
		t.Logf("exp: %.3f units in the last place at %v", e, at)
		if e > 1.1 {
			t.Errorf("exp(%v) is off by %v units in the last place", at, e)
		}
		if got[0] != 1 {
			t.Errorf("exp(0) is %v", got[0])
		}
	})
}

func TestActivationAccuracy(t *testing.T) {
	for _, test := range []struct {
		a           Activation
		most, bound float64 // the largest magnitude, and the error relative to the result
	}{
		{ELU, math.MaxFloat32, 3e-7},
		{GELU, 5, 1e-6}, // further out, rounding of the square grows
		{SiLU, 87, 3e-7},
		{Tanh, math.MaxFloat32, 4e-7},
		{Sigmoid, 87, 3e-7},
	} {
		eachISA(t, func(t *testing.T, isa instructions) {
			for _, negative := range []bool{false, true} {
				z := spread(0x1p-100, float32(test.most), 4999, negative)
				y := make([]float32, len(z))
				isa.vector.forward[test.a](y, z)
				e, at := worst(z, y, func(z, y float64) float64 {
					want := naiveActivation(test.a, z)
					return math.Abs(y-want) / math.Abs(want)
				})
				t.Logf("%v: %.2g at %v", test.a, e, at)
				if e > test.bound {
					t.Errorf("%v: the relative error at %v is %.2g", test.a, at, e)
				}
			}
		})
	}
}

// The derivatives cross zero, so their error is relative to the slope for large z, 1.
func TestDerivativeAccuracy(t *testing.T) {
	for a, derivative := range map[Activation]func(z float64) float64{
		GELU: func(z float64) float64 {
			return math.Erfc(-z/math.Sqrt2)/2 + z*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)
		},
		SiLU: func(z float64) float64 {
			s := naiveActivation(Sigmoid, z)
			return s * (1 + z*(1-s))
		},
	} {
		eachISA(t, func(t *testing.T, isa instructions) {
			for _, negative := range []bool{false, true} {
				z := spread(0x1p-30, 1000, 1999, negative)
				dy, dz := make([]float32, len(z)), make([]float32, len(z))
				for i := range dy {
					dy[i] = 1
				}
				isa.vector.backward[a](dz, z, dy)
				e, at := worst(z, dz, func(z, dz float64) float64 { return math.Abs(dz - derivative(z)) })
				t.Logf("%v: %.2g at %v", a, e, at)
				if e > 3e-7 {
					t.Errorf("%v: the derivative at %v is off by %.2g", a, at, e)
				}
			}
		})
	}
}
