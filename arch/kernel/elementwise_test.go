package kernel

import (
	"math"
	"slices"
	"testing"
)

// counting draws scattered element numbers.
func counting(words []uint32, first uint64) {
	for i := range words {
		words[i] = uint32(first+uint64(i)) * 0x9e3779b9
	}
}

func TestAddThreads(t *testing.T) {
	const n = 5*elements + 13
	a, b := random(1, n), random(2, n)
	eachISA(t, func(t *testing.T, isa instructions) {
		sameBits(t, isa, func(p *Pool) [][]float32 {
			y, over := outputs(n, 1), guarded(slices.Clone(a), 1)
			Add(p, a, b, y[:n])
			Add(p, over[:n], b, over[:n]) // in place of an input
			for i := range a {
				if want := a[i] + b[i]; y[i] != want || over[i] != want {
					t.Fatalf("element %d is %v, and %v in place, expected %v", i, y[i], over[i], want)
				}
			}
			untouched(t, "y", y, n)
			untouched(t, "a", over, n)
			return [][]float32{y, over}
		})
	})
}

func TestDropoutThreads(t *testing.T) {
	const n = 5*dropoutElements + 13
	x, d := random(1, n), Dropout{Rate: 0.3}
	eachISA(t, func(t *testing.T, isa instructions) {
		sameBits(t, isa, func(p *Pool) [][]float32 {
			y, dx, kept := outputs(n, 1), outputs(n, 1), make([]byte, ceil(n, 8))
			d.Forward(p, counting, x, y[:n], kept)
			d.Backward(p, kept, x, dx[:n])
			zeroed := 0
			for i := range x {
				if y[i] == 0 {
					zeroed++
				}
				if dx[i] != y[i] {
					t.Fatalf("element %d is %v, its gradient %v", i, y[i], dx[i])
				}
			}
			if got := float64(zeroed) / n; math.Abs(got-d.Rate) > 0.01 {
				t.Errorf("%v of the elements are zero, expected %v", got, d.Rate)
			}
			untouched(t, "y", y, n)
			untouched(t, "dx", dx, n)
			return [][]float32{y, dx}
		})
	})
}

// Zeroing is a multiplication, as in PyTorch, which does not hide NaN and infinities.
func TestDropoutNotFinite(t *testing.T) {
	p := newPool(t, active, 1)
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	x, y := []float32{nan, inf, nan, inf}, make([]float32, 4)
	half := func(words []uint32, _ uint64) { copy(words, []uint32{0, 0, 1 << 31, 1 << 31}) }
	Dropout{Rate: 0.5}.Forward(p, half, x, y, make([]byte, 1))
	if !isNaN(y[0]) || !isNaN(y[1]) || !isNaN(y[2]) || y[3] != inf {
		t.Errorf("received %v, expected NaN, NaN, NaN and infinity", y)
	}
}
