package prepared

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"runner/internal/data/transform"
)

// A mini-batch is the pictures over 255, whichever examples it takes.
func TestSplitRead(t *testing.T) {
	d, _ := opened(t)
	splits := map[string]*Split{"train": d.Train(0), "third": d.Train(3), "validation": d.Validation(), "test": d.Test()}
	for name, s := range splits {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var indices []int32
				for range rapid.IntRange(0, 4).Draw(t, "runs") {
					start := rapid.IntRange(0, s.Len()-1).Draw(t, "start")
					for i := range rapid.IntRange(1, s.Len()-start).Draw(t, "length") {
						indices = append(indices, int32(start+i))
					}
				}
				const rest = 5 // the mini-batch's end stays as it is
				x, labels := make([]float32, len(indices)*3072+rest), make([]int32, len(indices)+rest)
				for i := range rest {
					x[len(indices)*3072+i], labels[len(indices)+i] = -1, -1
				}
				if err := s.Read(indices, scaled, x, labels); err != nil {
					t.Fatal(err)
				}
				pixels := make([]byte, 3072)
				for i, index := range indices {
					label, err := s.Pixels(int(index), pixels)
					if err != nil {
						t.Fatal(err)
					}
					if int(labels[i]) != label {
						t.Fatalf("example %d has label %d, expected %d", index, labels[i], label)
					}
					for j, v := range pixels {
						if got := x[i*3072+j]; got != float32(v)/255 {
							t.Fatalf("example %d: value %d is %v, expected %d/255", index, j, got, v)
						}
					}
				}
				for i := range rest {
					if x[len(indices)*3072+i] != -1 || labels[len(indices)+i] != -1 {
						t.Fatal("more was filled than was asked for")
					}
				}
			})
		})
	}
}

func TestSplitOutOfRange(t *testing.T) {
	d, _ := opened(t)
	s := d.Train(2) // with others before and after it in the file
	x, labels := make([]float32, 3*3072), make([]int32, 3)
	const last = 1<<31 - 1
	for _, indices := range [][]int32{{9}, {-1}, {-1, 0}, {0, 9}, {7, 8, 9}, {last}, {last, -last - 1}} {
		if err := s.Read(indices, scaled, x, labels); err == nil || !strings.Contains(err.Error(), "expected 0 to 8") {
			t.Errorf("examples %v: error %v, expected one that names the range", indices, err)
		}
	}
	if _, err := s.Pixels(9, make([]byte, 3072)); err == nil {
		t.Error("example 9 of 9 was read")
	}
}

func TestReadAllocatesNothing(t *testing.T) {
	d, _ := opened(t)
	s := d.Train(0)
	order := s.Order(8, true, transform.Pass{Seed: 1, Epoch: 1, Transforms: scaled.Transforms})
	x, labels := make([]float32, 8*3072), make([]int32, 8)
	step := 0
	allocations := testing.AllocsPerRun(50, func() {
		if err := s.Read(order.Indices(step%order.Steps()), order.Pass, x, labels); err != nil {
			t.Fatal(err)
		}
		step++
	})
	if allocations != 0 {
		t.Errorf("%v allocations a mini-batch, expected none", allocations)
	}
}

func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Split{counts: rapid.SliceOfN(rapid.IntRange(0, 40), 1, 6).Draw(t, "counts")}
		for _, n := range s.counts {
			s.len += n
		}
		size := rapid.IntRange(1, 50).Draw(t, "batch size")
		shuffle := rapid.Bool().Draw(t, "shuffle")
		o := s.Order(size, shuffle, transform.Pass{Seed: 7, Epoch: 3})

		parts := s.counts
		if shuffle {
			parts = []int{s.len}
		}
		var want []int // sizes of the mini-batches
		for _, n := range parts {
			for ; n > size; n -= size {
				want = append(want, size)
			}
			if n > 0 {
				want = append(want, n)
			}
		}
		var got []int
		seen, next := make([]bool, s.len), int32(0)
		for step := range o.Steps() {
			indices := o.Indices(step)
			got = append(got, len(indices))
			for _, i := range indices {
				if seen[i] { // out of range panics
					t.Fatalf("example %d comes twice", i)
				}
				seen[i] = true
				if !shuffle && i != next {
					t.Fatalf("example %d, expected %d", i, next)
				}
				next++
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || int(next) != s.len {
			t.Fatalf("%d of %d examples; mini-batches (-expected +got):\n%s", next, s.len, diff)
		}
	})
}

// An order is a function of the seed and the epoch, and another for each.
func TestOrderSeeds(t *testing.T) {
	s := &Split{counts: []int{30, 30}, len: 60}
	orders := map[string][2]int64{}
	for seed := range int64(4) {
		for epoch := range 4 {
			text, err := json.Marshal(s.Order(60, true, transform.Pass{Seed: seed, Epoch: epoch}).Indices(0))
			if err != nil {
				t.Fatal(err)
			}
			again, err := json.Marshal(s.Order(60, true, transform.Pass{Seed: seed, Epoch: epoch}).Indices(0))
			if err != nil || string(again) != string(text) {
				t.Errorf("seed %d, epoch %d: another order the second time", seed, epoch)
			}
			if other, is := orders[string(text)]; is {
				t.Errorf("seed %d, epoch %d has the order of seed and epoch %v", seed, epoch, other)
			}
			orders[string(text)] = [2]int64{seed, int64(epoch)}
		}
	}
}

func TestStats(t *testing.T) {
	d, _ := opened(t)
	all := drawn(pictures, 4, fixtureSize)
	counts, firsts := make([]int, 10), []int{}
	for _, e := range all {
		counts[e.Label]++
		firsts = append(firsts, e.Label)
	}
	for _, sample := range []int{0, 8, 9} { // the last is for validation
		got, pixels, err := d.Stats(4, sample)
		if err != nil {
			t.Fatal(err)
		}
		want := Stats{Batch: 4, Samples: 10, LabelCounts: counts, First20Labels: firsts, Image: sample,
			Min: int(slices.Min(all[sample].Pixels)), Max: int(slices.Max(all[sample].Pixels)),
			Shape: [3]int{32, 32, 3}, Label: firsts[sample], Name: d.Classes[firsts[sample]]}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sample %d (-expected +got):\n%s", sample, diff)
		}
		if !bytes.Equal(pixels, all[sample].Pixels) {
			t.Errorf("sample %d has other pixels", sample)
		}
	}
	for _, test := range []struct {
		batch, sample int
		want          string
	}{
		{4, 12000, "10 samples in batch 4. 12000 is out of range."},
		{4, 10, "10 samples in batch 4. 10 is out of range."},
		{4, -1, "10 samples in batch 4. -1 is out of range."},
		{0, 0, "5 batches in pictures. 0 is out of range."},
		{6, 0, "5 batches in pictures. 6 is out of range."},
	} {
		_, _, err := d.Stats(test.batch, test.sample)
		if _, is := err.(*RangeError); !is || err.Error() != test.want {
			t.Errorf("batch %d, sample %d: error %v, expected a RangeError: %s", test.batch, test.sample, err, test.want)
		}
	}
}

// A prepared dataset that was damaged is an error that says what to do, never a
// panic.
func TestOpenDamaged(t *testing.T) {
	tests := []struct {
		name   string
		damage func(t *testing.T, dir string)
		want   string
	}{
		{"short train.bin", func(t *testing.T, dir string) { truncate(t, filepath.Join(dir, trainFile), 100) },
			"damaged: expected 138285 bytes, got 100"},
		{"long test.bin", func(t *testing.T, dir string) { truncate(t, filepath.Join(dir, testFile), 1<<20) },
			"damaged: expected 30730 bytes, got 1048576"},
		{"no validation.bin", func(t *testing.T, dir string) { remove(t, filepath.Join(dir, validationFile)) },
			"no such file"},
		{"empty meta.json", func(t *testing.T, dir string) { write(t, filepath.Join(dir, metaFile), nil) },
			"unexpected end of JSON input"},
		{"another thing in meta.json", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, metaFile),
				[]byte("[1]"))
		}, "cannot unmarshal"},
		{"another version", setMeta("version", 99), "prepared by another version of the program"},
		{"another dataset", setMeta("name", "others"), "does not describe the dataset pictures"},
		{"another shape", setMeta("shape", []int{32, 32, 1}), "does not describe the dataset pictures"},
		{"other classes", setMeta("classes", []string{"a"}), "does not describe the dataset pictures"},
		{"four batches", setMeta("train", []int{9, 9, 9, 18}), "does not describe the dataset pictures"},
		{"no batches", setMeta("validation", nil), "does not describe the dataset pictures"},
		{"negative train", setMeta("train", []int{-9, 18, 9, 9, 18}), "damaged"},
		{"negative validation", setMeta("validation", []int{-1, 2, 1, 1, 2}), "damaged"},
		{"negative test", setMeta("test", -10), "damaged"},
		{"absurd train", setMeta("train", []int64{1 << 62, 1 << 62, 1 << 62, 1 << 62, 45}), "damaged"},
		{"absurd test", setMeta("test", int64(1)<<62), "damaged"},
		{"no training", setMeta("train", []int{0, 45, 0, 0, 0}), "damaged"},
		{"fractions", setMeta("test", 1.5), "cannot unmarshal"},
		{"no fingerprint", setMeta("fingerprint", ""), "damaged"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			folder := made(t)
			test.damage(t, folder)
			d, err := Open(folder, pictures, getPictures)
			if err == nil {
				d.Close()
				t.Fatal("it opened")
			}
			oneLine(t, err, test.want, "remove the folder "+folder+" and run '"+getPictures+"'")
		})
	}
}

// A label that is no class is an error, not a panic in the arithmetic.
func TestReadDamagedLabel(t *testing.T) {
	d, folder := opened(t)
	f, err := os.OpenFile(filepath.Join(folder, testFile), os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{10}, 2*3073); err != nil {
		t.Fatal(err)
	}
	f.Close()
	err = d.Test().Read([]int32{1, 2}, scaled, make([]float32, 2*3072), make([]int32, 2))
	oneLine(t, err, filepath.Join(folder, testFile), "label 10, expected 0 to 9", getPictures)
	if _, err := d.Test().Pixels(2, make([]byte, 3072)); err == nil {
		t.Error("a picture of no class was read")
	}
}

// A file that is cut off while it is open is named, whichever part of a run of
// examples is left.
func TestReadTruncated(t *testing.T) {
	d, folder := opened(t)
	path := filepath.Join(folder, trainFile)
	s, x, labels := d.Train(2), make([]float32, 3*3072), make([]int32, 3) // of 9 examples, after 9 others
	for _, size := range []int64{12*3073 + 100, 12 * 3073, 11 * 3073, 100, 0} {
		truncate(t, path, size)
		err := s.Read([]int32{1, 2, 3}, scaled, x, labels) // that end with example 13 of the file
		oneLine(t, err, path+": damaged: expected at least 39949 bytes", "remove the folder "+filepath.Dir(path)+" ",
			getPictures)
	}
	_, err := s.Pixels(0, make([]byte, 3072))
	oneLine(t, err, path, "expected at least 30730 bytes")
	if err := d.Test().Read([]int32{1, 2, 3}, scaled, x, labels); err != nil {
		t.Errorf("the other files are whole: %v", err)
	}
}
