package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// An update with random hyperparameters and its twin: one element's step in float64, from
// the papers' formulas. state holds up to two buffers.
type updateCase struct {
	name   string
	fast   func(p *Pool, t int64, w, g, a, b []float32)
	oracle func(t int64, w, g, a, b float64) (float64, float64, float64)
}

var updateCases = []updateCase{
	{
		"sgd",
		func(p *Pool, _ int64, w, g, _, _ []float32) { SGD{Rate: 0.1, WeightDecay: 0.3}.Update(p, w, g, nil) },
		func(_ int64, w, g, a, b float64) (float64, float64, float64) { return w - 0.1*(g+0.3*w), a, b },
	},
	{
		"sgd momentum",
		func(p *Pool, _ int64, w, g, a, _ []float32) {
			SGD{Rate: 0.1, Momentum: 0.9, WeightDecay: 0.3}.Update(p, w, g, a)
		},
		func(_ int64, w, g, a, b float64) (float64, float64, float64) {
			a = 0.9*a + g + 0.3*w
			return w - 0.1*a, a, b
		},
	},
	{
		"sgd nesterov",
		func(p *Pool, _ int64, w, g, a, _ []float32) {
			SGD{Rate: 0.1, Momentum: 0.9, Nesterov: true}.Update(p, w, g, a)
		},
		func(_ int64, w, g, a, b float64) (float64, float64, float64) {
			a = 0.9*a + g
			return w - 0.1*(g+0.9*a), a, b
		},
	},
	{
		"rmsprop",
		func(p *Pool, _ int64, w, g, a, _ []float32) {
			RMSprop{Rate: 0.01, Alpha: 0.99, Eps: 1e-8, WeightDecay: 0.3}.Update(p, w, g, a, nil)
		},
		func(_ int64, w, g, a, b float64) (float64, float64, float64) {
			g += 0.3 * w
			a = 0.99*a + 0.01*g*g
			return w - 0.01*g/(math.Sqrt(a)+1e-8), a, b
		},
	},
	{
		"rmsprop momentum",
		func(p *Pool, _ int64, w, g, a, b []float32) {
			RMSprop{Rate: 0.01, Alpha: 0.99, Eps: 1e-8, Momentum: 0.9}.Update(p, w, g, a, b)
		},
		func(_ int64, w, g, a, b float64) (float64, float64, float64) {
			a = 0.99*a + 0.01*g*g
			b = 0.9*b + g/(math.Sqrt(a)+1e-8)
			return w - 0.01*b, a, b
		},
	},
	{
		"adam",
		func(p *Pool, t int64, w, g, a, b []float32) {
			Adam{Rate: 0.01, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.3}.Update(p, t, w, g, a, b)
		},
		func(t int64, w, g, a, b float64) (float64, float64, float64) {
			return oracleAdam(t, w, g+0.3*w, a, b)
		},
	},
	{
		"adamw",
		func(p *Pool, t int64, w, g, a, b []float32) {
			Adam{Rate: 0.01, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.3, Decoupled: true}.Update(p, t, w, g, a, b)
		},
		func(t int64, w, g, a, b float64) (float64, float64, float64) {
			return oracleAdam(t, w-0.01*0.3*w, g, a, b)
		},
	},
}

func oracleAdam(t int64, w, g, m, v float64) (float64, float64, float64) {
	m = 0.9*m + 0.1*g
	v = 0.999*v + 0.001*g*g
	mean, square := m/(1-math.Pow(0.9, float64(t))), v/(1-math.Pow(0.999, float64(t)))
	return w - 0.01*mean/(math.Sqrt(square)+1e-8), m, v
}

// updateSizes are around the chunks' borders.
var updateSizes = []int{0, 1, 7, elements - 1, elements, elements + 1, 3*elements + 5}

func TestUpdatesAgreeWithTheirFormulas(t *testing.T) {
	pool := NewPool(2)
	defer pool.Close()
	for _, tt := range updateCases {
		for _, n := range updateSizes {
			t.Run(fmt.Sprintf("%s/%d", tt.name, n), func(t *testing.T) {
				w, g, a, b := updateInputs(n)
				const step = 3
				want := make([][3]float64, n)
				for i := range want {
					want[i][0], want[i][1], want[i][2] = tt.oracle(step, float64(w[i]), float64(g[i]), float64(a[i]), float64(b[i]))
				}
				tt.fast(pool, step, w, g, a, b)
				for i := range want {
					for j, got := range []float32{w[i], a[i], b[i]} {
						// Inputs are of magnitude 1, so a few roundings stay below 1e-6 of that.
						if diff := math.Abs(float64(got) - want[i][j]); !(diff <= 1e-6*max(1, math.Abs(want[i][j]))) {
							t.Fatalf("element %d, output %d: got %g, want %g", i, j, got, want[i][j])
						}
					}
				}
			})
		}
	}
}

func TestUpdatesDoNotDependOnThreads(t *testing.T) {
	n := updateSizes[len(updateSizes)-1]
	for _, tt := range updateCases {
		var first [][]float32
		for _, threads := range []int{1, 2, 3, 16} {
			pool := NewPool(threads)
			w, g, a, b := updateInputs(n)
			for step := range int64(3) {
				tt.fast(pool, step+1, w, g, a, b)
			}
			pool.Close()
			if first == nil {
				first = [][]float32{w, a, b}
			}
			for j, got := range [][]float32{w, a, b} {
				if !slices.Equal(got, first[j]) {
					t.Errorf("%s: output %d with %d threads differs from that with 1", tt.name, j, threads)
				}
			}
		}
	}
}

// A gradient that has always been zero leaves a parameter alone rather than making it 0/0.
func TestUpdatesWithoutGradient(t *testing.T) {
	pool := NewPool(1)
	defer pool.Close()
	zero := func() []float32 { return []float32{0} }
	for name, update := range map[string]func(w []float32){
		"sgd":     func(w []float32) { SGD{Rate: 0.1, Momentum: 0.9}.Update(pool, w, zero(), zero()) },
		"rmsprop": func(w []float32) { RMSprop{Rate: 0.1, Alpha: 0.9, Eps: 1e-8}.Update(pool, w, zero(), zero(), nil) },
		"adam": func(w []float32) {
			Adam{Rate: 0.1, Beta1: 0.9, Beta2: 0.99, Eps: 1e-8}.Update(pool, 1, w, zero(), zero(), zero())
		},
	} {
		w := []float32{1.5}
		if update(w); w[0] != 1.5 {
			t.Errorf("%s: a parameter of 1.5 became %g", name, w[0])
		}
	}
}

// updateInputs returns a parameter, a gradient and two buffers, always the same. The
// buffers are positive, as means of squares are.
func updateInputs(n int) (w, g, a, b []float32) {
	random := rand.New(rand.NewPCG(1, uint64(n)))
	for range n {
		w = append(w, float32(random.NormFloat64()))
		g = append(g, float32(random.NormFloat64()))
		a = append(a, random.Float32()+0.1)
		b = append(b, random.Float32()+0.1)
	}
	return w, g, a, b
}

func BenchmarkAdam(b *testing.B) {
	pool := NewPool(0)
	defer pool.Close()
	w, g, m, v := updateInputs(700_000) // about the post's network
	u := Adam{Rate: 1e-3, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8}
	b.SetBytes(int64(len(w) * 7 * 4)) // four reads, three writes
	for b.Loop() {
		u.Update(pool, 10, w, g, m, v)
	}
}
