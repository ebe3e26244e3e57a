package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// eachISA runs a test with every instruction set that this processor has.
func eachISA(t *testing.T, f func(t *testing.T, isa instructions)) {
	for _, isa := range supported() {
		t.Run(isa.name, func(t *testing.T) { f(t, isa) })
	}
}

// newPool starts a pool with the given instruction set, which ends with the test.
func newPool(t testing.TB, isa instructions, threads int) *Pool {
	p := NewPool(threads)
	p.isa = isa
	t.Cleanup(p.Close)
	return p
}

// random returns standard normal numbers.
func random(seed uint64, length int) []float32 {
	r := rand.New(rand.NewPCG(seed, 0))
	data := make([]float32, length)
	for i := range data {
		data[i] = float32(r.NormFloat64())
	}
	return data
}

// guard marks elements that nobody may write, or read unnoticed.
var guard = float32(math.Float32frombits(0x7fc0beef))

// guarded appends a row of guards, standing for the rows past n.
func guarded(data []float32, row int) []float32 {
	for range row {
		data = append(data, guard)
	}
	return data
}

// outputs returns a buffer that holds only guards.
func outputs(length, row int) []float32 { return guarded(make([]float32, 0, length+row), length+row) }

// reporter is what testing.T and rapid.T share.
type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

// untouched checks that the rows past length hold what they held.
func untouched(t reporter, name string, data []float32, length int) {
	t.Helper()
	for i, v := range data[length:] {
		if math.Float32bits(v) != math.Float32bits(guard) {
			t.Fatalf("%s: element %d past the end was overwritten with %v", name, i, v)
		}
	}
}

// near checks that max|a-b| <= 1e-5 max|b|.
func near(t reporter, name string, a, b []float32) {
	t.Helper()
	nearSum(t, name, a, b, 0)
}

// nearSum checks sums of so many random terms, whose size is about the root of their
// number even where they happen to cancel.
func nearSum(t reporter, name string, a, b []float32, terms int) {
	t.Helper()
	largest := math.Sqrt(float64(terms))
	for _, v := range b {
		largest = max(largest, math.Abs(float64(v)))
	}
	for i := range b {
		if d := math.Abs(float64(a[i]) - float64(b[i])); !(d <= 1e-5*largest) {
			t.Fatalf("%s: element %d is %v, expected %v (largest %v)", name, i, a[i], b[i], largest)
		}
	}
}

// bits makes floats comparable, NaN included.
func bits(data []float32) []uint32 {
	out := make([]uint32, len(data))
	for i, v := range data {
		out[i] = math.Float32bits(v)
	}
	return out
}

// direction draws one direction of a window: a size, kernel and stride, and
// TensorFlow's paddings.
func direction(t *rapid.T, name string) (in, out, kernel, stride, before int) {
	in = rapid.IntRange(1, 33).Draw(t, name+" size")
	kernel = rapid.IntRange(1, 7).Draw(t, name+" kernel")
	stride = rapid.IntRange(1, 3).Draw(t, name+" stride")
	if kernel > in || rapid.Bool().Draw(t, name+" same") {
		out = ceil(in, stride)
		before = max((out-1)*stride+kernel-in, 0) / 2
		return in, out, kernel, stride, before
	}
	return in, (in-kernel)/stride + 1, kernel, stride, 0
}

// threadCounts are those for which results must agree bit by bit.
var threadCounts = []int{1, 2, 3, 16}

// sameBits runs compute with pools of several sizes and compares the results.
func sameBits(t *testing.T, isa instructions, compute func(p *Pool) [][]float32) {
	t.Helper()
	var expected [][]uint32
	for _, threads := range threadCounts {
		var received [][]uint32
		for _, result := range compute(newPool(t, isa, threads)) {
			received = append(received, bits(result))
		}
		if expected == nil {
			expected = received
		} else if !slices.EqualFunc(expected, received, slices.Equal[[]uint32]) {
			t.Fatalf("%d threads and 1 thread give different bits", threads)
		}
	}
}

func TestThreadCounts(t *testing.T) {
	for threads, expected := range map[int]int{1: 1, 3: 3} {
		if p := newPool(t, active, threads); p.Threads() != expected {
			t.Errorf("NewPool(%d) has %d workers", threads, p.Threads())
		}
	}
	if p := newPool(t, active, 0); p.Threads() < 1 {
		t.Errorf("NewPool(0) has %d workers", p.Threads())
	}
}

func ExampleActivation_String() {
	a, ok := ParseActivation("leaky_relu")
	fmt.Println(a, ok)
	// Output: leaky_relu true
}
