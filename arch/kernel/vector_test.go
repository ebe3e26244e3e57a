//go:build unix

package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// elementwise is a loop over slices s of one length that also takes numbers c.
type elementwise struct {
	name   string
	slices int
	run    func(v *vector, s [][]float32, c []float32)
	exact  bool // no exponential: the same bits with every instruction set
}

// elementwises lists all loops over float32 alone.
func elementwises() []elementwise {
	list := []elementwise{
		{"add", 3, func(v *vector, s [][]float32, _ []float32) { v.add(s[0], s[1], s[2]) }, true},
		{"scale", 2, func(v *vector, s [][]float32, c []float32) { v.scale(s[0], s[1], c[0]) }, true},
		{"sgd", 2, func(v *vector, s [][]float32, c []float32) { v.sgd(s[0], s[1], c[0], c[1]) }, true},
		{"momentum", 3, func(v *vector, s [][]float32, c []float32) { v.momentum(s[0], s[1], s[2], c[0], c[1], c[2]) }, true},
		{"nesterov", 3, func(v *vector, s [][]float32, c []float32) { v.nesterov(s[0], s[1], s[2], c[0], c[1], c[2]) }, true},
		{"rmsprop", 3, func(v *vector, s [][]float32, c []float32) {
			v.rmsprop(s[0], s[1], s[2], c[0], c[1], c[2], c[3], c[4])
		}, true},
		{"rmspropMomentum", 4, func(v *vector, s [][]float32, c []float32) {
			v.rmspropMomentum(s[0], s[1], s[2], s[3], c[0], c[1], c[2], c[3], c[4], c[5])
		}, true},
		{"adam", 4, func(v *vector, s [][]float32, c []float32) {
			v.adam(s[0], s[1], s[2], s[3], c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8])
		}, true},
	}
	for a := range activations {
		simple := a == Linear || a == ReLU || a == LeakyReLU
		list = append(list,
			elementwise{a.String(), 2, func(v *vector, s [][]float32, _ []float32) { v.forward[a](s[0], s[1]) }, simple},
			elementwise{a.String() + "/backward", 3, func(v *vector, s [][]float32, _ []float32) {
				v.backward[a](s[0], s[1], s[2])
			}, !a.NeedsInput()})
	}
	return list
}

// special are the numbers that are easiest to get wrong.
var special = []float32{
	float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), 0, float32(math.Copysign(0, -1)),
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 1e-40, -1e-39,
	math.MaxFloat32, -math.MaxFloat32, 88, -88, 1, -1,
}

// mixed returns numbers of several magnitudes with special ones among them.
func mixed(r *rand.Rand, length int) []float32 {
	data := make([]float32, length)
	for i := range data {
		data[i] = float32(r.NormFloat64() * math.Pow(10, float64(r.IntN(4)-2)))
		if r.IntN(6) == 0 {
			data[i] = special[r.IntN(len(special))]
		}
	}
	return data
}

// same reports whether numbers have the same bits or are both NaN.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || isNaN(a) && isNaN(b)
}

// agree checks for the same bits or, unless exact, for a small difference relative to the
// number and to scale, which holds what the number was a factor of.
func agree(t reporter, name string, got, want, scale []float32, exact bool) {
	t.Helper()
	for i := range want {
		if same(got[i], want[i]) || !exact && got[i] == want[i] {
			continue
		}
		bound := 2e-6*max(abs(want[i]), abs(scale[i])) + 1e-42
		if exact || !(abs(got[i]-want[i]) <= bound) {
			t.Fatalf("%s: element %d of %d is %v (%#x), plain Go gives %v (%#x)", name, i, len(want),
				got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))
		}
	}
}

// drawSeed draws a seeded source of numbers.
func drawSeed(t *rapid.T) *rand.Rand { return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) }

func TestElementwiseAgainstGo(t *testing.T) {
	pages := []page{newPage(t), newPage(t), newPage(t), newPage(t)}
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		for _, test := range elementwises() {
			rapid.Check(t, func(t *rapid.T) {
				r, length := drawSeed(t), rapid.IntRange(0, 100).Draw(t, "length")
				numbers := make([]float32, 9)
				for i := range numbers {
					numbers[i] = r.Float32()
				}
				var got, want [][]float32
				for i := range test.slices {
					data := mixed(r, length)
					want = append(want, data)
					got = append(got, place(pages[i], rapid.Bool().Draw(t, "at the end"), data))
				}
				scale := slices.Clone(want[len(want)-1])
				test.run(&isa.vector, got, numbers)
				test.run(&goVector, want, numbers)
				for i := range got {
					agree(t, test.name, got[i], want[i], scale, test.exact)
					intact(t, test.name, pages[i], got[i])
				}
			})
		}
	})
}

func TestDropoutAgainstGo(t *testing.T) {
	yPage, xPage, wordPage, keptPage := newPage(t), newPage(t), newPage(t), newPage(t)
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		rapid.Check(t, func(t *rapid.T) {
			r, length := drawSeed(t), rapid.IntRange(0, 100).Draw(t, "length")
			atEnd := rapid.Bool().Draw(t, "at the end")
			threshold := rapid.SampledFrom([]uint32{0, 1, 1 << 31, 1<<31 + 5, math.MaxUint32}).Draw(t, "threshold")
			words := make([]uint32, length)
			for i := range words {
				words[i] = r.Uint32()
				if r.IntN(4) == 0 {
					words[i] = threshold - uint32(r.IntN(2))
				}
			}
			x, y, kept := mixed(r, length), make([]float32, length), make([]byte, ceil(length, 8))
			y2, kept2 := place(yPage, atEnd, y), place(keptPage, atEnd, kept)
			x2, words2 := place(xPage, atEnd, x), place(wordPage, atEnd, words)
			goVector.dropout(y, x, words, kept, threshold, 1.25)
			isa.vector.dropout(y2, x2, words2, kept2, threshold, 1.25)
			if !slices.Equal(kept, kept2) {
				t.Fatalf("kept is %08b, expected %08b", kept2, kept)
			}
			agree(t, "y", y2, y, y, true)
			goVector.dropoutBackward(y, x, kept, 1.25)
			isa.vector.dropoutBackward(y2, x2, kept2, 1.25)
			agree(t, "dx", y2, y, y, true)
			intact(t, "y", yPage, y2)
			intact(t, "kept", keptPage, kept2)
		})
	})
}

func TestAddRowsAgainstGo(t *testing.T) {
	dstPage, dataPage := newPage(t), newPage(t)
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		rapid.Check(t, func(t *rapid.T) {
			r, width := drawSeed(t), rapid.IntRange(1, 90).Draw(t, "width")
			rows := rapid.IntRange(0, 1000/width).Draw(t, "rows")
			atEnd := rapid.Bool().Draw(t, "at the end")
			dst, data := random(r.Uint64(), width), random(r.Uint64(), rows*width)
			dst2, data2 := place(dstPage, atEnd, dst), place(dataPage, atEnd, data)
			goVector.addRows(dst, data)
			isa.vector.addRows(dst2, data2)
			agree(t, "sums", dst2, dst, dst, true)
			intact(t, "sums", dstPage, dst2)
		})
	})
}

// Rows are summed in groups, so that the error does not grow with their number.
func TestSumRows(t *testing.T) {
	const width, rows = 37, 100_001
	data := random(1, rows*width)
	for i := range data {
		data[i] += 1
	}
	expected := make([]float32, width)
	sums := make([]float64, width)
	for i, v := range data {
		sums[i%width] += float64(v)
	}
	round(sums, expected)
	eachISA(t, func(t *testing.T, isa instructions) {
		dst := random(2, width)
		isa.vector.sumRows(dst, data, make([]float32, width))
		near(t, "sums", dst, expected)
	})
}

func TestNormalize(t *testing.T) {
	srcPage, dstPage := newPage(t), newPage(t)
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		for from := range 9 {
			src := place(srcPage, true, all[from:])
			dst := place(dstPage, true, make([]float32, len(src)))
			isa.vector.normalize(dst, src)
			for i, v := range src {
				if dst[i] != float32(v)/255 {
					t.Errorf("%d becomes %v, expected %v", v, dst[i], float32(v)/255)
				}
			}
			intact(t, "dst", dstPage, dst)
		}
	})
	dst := make([]float32, 4)
	Normalize(dst, []byte{0, 51, 255})
	if d := cmp.Diff([]float32{0, 0.2, 1, 0}, dst); d != "" {
		t.Error(d)
	}
}

func TestSoftmaxPartsAgainstGo(t *testing.T) {
	srcPage, dstPage := newPage(t), newPage(t)
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		rapid.Check(t, func(t *rapid.T) {
			r, length := drawSeed(t), rapid.IntRange(0, 100).Draw(t, "length")
			atEnd := rapid.Bool().Draw(t, "at the end")
			data := mixed(r, length)
			for i, v := range data {
				if isNaN(v) {
					data[i] = -3
				}
			}
			src, dst, want := place(srcPage, atEnd, data), place(dstPage, atEnd, data), make([]float32, length)
			largest := isa.vector.maximum(src)
			if expected := goVector.maximum(src); largest != expected {
				t.Fatalf("the maximum of %v is %v, expected %v", src, largest, expected)
			}
			if math.IsInf(float64(largest), 0) {
				largest = 1000 // leaves infinities below it; exp takes differences of 0 and less
			}
			for i, v := range src {
				src[i] = min(v, largest)
			}
			sum, wantSum := isa.vector.exponentials(dst, src, largest), goVector.exponentials(want, src, largest)
			agree(t, "exponentials", dst, want, want, false)
			if math.Abs(sum-wantSum) > 1e-6*wantSum {
				t.Fatalf("the sum is %v, expected %v", sum, wantSum)
			}
			intact(t, "exponentials", dstPage, dst)
		})
	})
}

func TestWindowsAgainstGo(t *testing.T) {
	picturePage, channelPage, argPage := newPage(t), newPage(t), newPage(t)
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		rapid.Check(t, func(t *rapid.T) {
			r, channels := drawSeed(t), rapid.IntRange(1, 35).Draw(t, "channels")
			rows, cols := rapid.IntRange(1, 4).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "cols")
			stride := channels * (cols + rapid.IntRange(0, 2).Draw(t, "more"))
			first, add := rapid.IntRange(0, 1000).Draw(t, "first"), rapid.Bool().Draw(t, "add")
			count, atEnd := float32(rows*cols), rapid.Bool().Draw(t, "at the end")

			// A window ends with its last pixel: so may the slice.
			x := mixed(r, (rows-1)*stride+cols*channels)
			for i := range x { // ties
				x[i] = float32(math.Trunc(float64(x[i])))
			}
			dy := mixed(r, channels)
			y, arg := make([]float32, channels), make([]int32, channels)
			x2, y2, arg2 := place(picturePage, atEnd, x), place(channelPage, atEnd, y), place(argPage, atEnd, arg)

			goVector.maxWindow(y, arg, x, rows, cols, stride, first)
			isa.vector.maxWindow(y2, arg2, x2, rows, cols, stride, first)
			agree(t, "maxima", y2, y, y, true)
			intact(t, "maxima", channelPage, y2)
			intact(t, "arg", argPage, arg2)
			if !slices.Equal(arg, arg2) {
				t.Fatalf("maxima are at %v, expected %v", arg2, arg)
			}
			clear(y2)
			isa.vector.maxWindow(y2, nil, x2, rows, cols, stride, first)
			agree(t, "maxima without arg", y2, y, y, true)

			goVector.meanWindow(y, x, rows, cols, stride, count)
			isa.vector.meanWindow(y2, x2, rows, cols, stride, count)
			agree(t, "means", y2, y, y, true)

			for i := range x { // turns -0 into 0: no sum of gradients is -0
				x[i] += 0
				x2[i] += 0
			}
			dy2 := place(channelPage, atEnd, dy)
			goVector.maxWindowBackward(x, dy, arg, rows, cols, stride, first, add)
			isa.vector.maxWindowBackward(x2, dy2, arg2, rows, cols, stride, first, add)
			agree(t, "max dx", x2, x, x, true)
			goVector.meanWindowBackward(x, dy, rows, cols, stride, count, add)
			isa.vector.meanWindowBackward(x2, dy2, rows, cols, stride, count, add)
			agree(t, "mean dx", x2, x, x, true)
			intact(t, "dx", picturePage, x2)
		})
	})
}

// Copies of rows and of squares, turned, against Go.
func TestCopiesAgainstGo(t *testing.T) {
	srcPage, dstPage := newPages(t, 4), newPages(t, 4)
	eachISA(t, func(t *testing.T, isa instructions) {
		withFaults(t)
		rapid.Check(t, func(t *rapid.T) {
			r := drawSeed(t)
			rows, cols := rapid.IntRange(1, 40).Draw(t, "rows"), rapid.IntRange(1, 40).Draw(t, "columns")
			width := max(rows, cols) + rapid.IntRange(0, 9).Draw(t, "between rows of src")
			stride := max(rows, cols) + rapid.IntRange(0, 9).Draw(t, "between rows of dst")
			atEnd := rapid.Bool().Draw(t, "at the end")
			turned := rapid.Bool().Draw(t, "turned")
			high, long := rows, cols // of src
			if turned {
				high, long = cols, rows
			}
			src := place(srcPage, atEnd, mixed(r, (high-1)*width+long))
			dst := place(dstPage, atEnd, mixed(r, (rows-1)*stride+cols))
			want := slices.Clone(dst)
			for i := range rows {
				for j := range cols {
					from := i*width + j
					if turned {
						from = j*width + i
					}
					want[i*stride+j] = src[from]
				}
			}
			if turned {
				isa.vector.transposed(dst, stride, src, width, rows, cols)
			} else {
				isa.vector.copied(dst, stride, src, width, rows, cols)
			}
			if !slices.Equal(bits(want), bits(dst)) {
				t.Fatal("the copy differs")
			}
			intact(t, "dst", dstPage, dst)
		})
	})
}
