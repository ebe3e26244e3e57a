package prepared

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"

	"runner/internal/data/datatest"
)

// tiny describes pictures of six bytes.
var tiny = Description{Name: "tiny", Shape: [3]int{1, 2, 3}, Classes: words("class", 4), BatchFiles: 2}

// unasked fills a builder that nobody should fill.
func unasked(*Builder) error { panic("asked for examples") }

// What a source gives that is no dataset is refused in one line, and nothing is left.
func TestMakeRefused(t *testing.T) {
	broken := errors.New("the source broke")
	examples := func(all ...Example) iter.Seq2[Example, error] { return each(all) }
	good := drawn(tiny, 1, 10)
	for _, test := range []struct {
		name string
		fill func(b *Builder) error
		want string
	}{
		{"nothing", func(*Builder) error { return nil }, "data_batch_1 is missing"},
		{"one batch file", fill(tiny, 10, 10), "data_batch_2 is missing"},
		{"no test file", func(b *Builder) error {
			return errors.Join(b.Add(1, each(good)), b.Add(2, each(good)))
		}, "test_batch is missing"},
		{"no test examples", fill(tiny, 0, 10, 10), "test_batch has no examples"},
		{"too few to hold one out", fill(tiny, 10, 10, 9), "data_batch_2 has 9 examples: expected at least 10"},
		{"a batch file twice", func(b *Builder) error {
			return errors.Join(fill(tiny, 10, 10, 10)(b), b.Add(2, each(good)))
		}, "data_batch_2 comes twice"},
		{"a label too high", func(b *Builder) error { return b.Add(1, examples(good[0], Example{4, good[1].Pixels})) },
			"data_batch_1: label 4 of example 1: expected 0 to 3"},
		{"a label below 0", func(b *Builder) error { return b.Add(Test, examples(Example{-1, good[0].Pixels})) },
			"test_batch: label -1 of example 0: expected 0 to 3"},
		{"a picture too small", func(b *Builder) error { return b.Add(1, examples(good[0], Example{1, good[1].Pixels[1:]})) },
			"data_batch_1: example 1 has 5 bytes of pixels, expected 6"},
		{"a source that breaks", func(b *Builder) error {
			return b.Add(1, func(yield func(Example, error) bool) {
				_ = yield(good[0], nil) && yield(Example{}, broken)
			})
		}, broken.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			err := Make(context.Background(), filepath.Join(dir, "tiny"), tiny, test.fill)
			oneLine(t, err, "preparing tiny: ", test.want)
			if diff := cmp.Diff([]string{"tiny.lock"}, datatest.Listing(t, dir)); diff != "" {
				t.Errorf("left in the data folder (-expected +got):\n%s", diff)
			}
		})
	}
	for _, about := range []Description{
		{Name: "x", Shape: [3]int{0, 1, 1}, Classes: words("c", 2), BatchFiles: 1},
		{Name: "x", Shape: [3]int{-1, -1, 1}, Classes: words("c", 2), BatchFiles: 1},
		{Name: "x", Shape: [3]int{1, 1, 1}, Classes: words("c", 2)},
		{Name: "x", Shape: [3]int{1, 1, 1}, BatchFiles: 1},
		{Name: "x", Shape: [3]int{1, 1, 1}, Classes: words("c", mostClasses+1), BatchFiles: 1},
	} {
		dir := t.TempDir()
		err := Make(context.Background(), filepath.Join(dir, "x"), about, unasked)
		oneLine(t, err, "preparing x: ", "expected")
		if left := datatest.Listing(t, dir); left != nil {
			t.Errorf("left in the data folder: %q", left)
		}
	}
}

func TestMakeRemovesWhatAKilledProcessLeft(t *testing.T) {
	dir := t.TempDir()
	stale := filepath.Join(dir, "pictures"+tempMark+"123")
	if err := os.Mkdir(stale, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(stale, "batch-1"), []byte("half"))
	if err := Make(context.Background(), filepath.Join(dir, "pictures"), pictures, all); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(preparedFiles, datatest.Listing(t, dir)); diff != "" {
		t.Errorf("data folder (-expected +got):\n%s", diff)
	}
}

// What is no prepared dataset is not overwritten, but for what is left of one.
func TestMakeInItsFolder(t *testing.T) {
	t.Run("somebody else's", func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "pictures")
		path := filepath.Join(folder, "thesis.txt")
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, path, []byte("years of work"))
		err := Make(context.Background(), folder, pictures, all)
		oneLine(t, err, "preparing pictures: ", "thesis.txt is not one of the program's files", "--data")
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	})
	t.Run("no meta.json", func(t *testing.T) {
		folder := made(t)
		remove(t, filepath.Join(folder, metaFile))
		if Ready(folder) {
			t.Error("it is ready")
		}
		if err := Make(context.Background(), folder, pictures, all); err != nil {
			t.Fatalf("it was not prepared again: %v", err)
		}
		if !Ready(folder) {
			t.Error("it is not ready")
		}
	})
}

// Several at once prepare a dataset once.
func TestMakeAtOnce(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pictures")
	var asked atomic.Int32
	var makers sync.WaitGroup
	for range 4 {
		makers.Go(func() {
			err := Make(context.Background(), folder, pictures, func(b *Builder) error {
				asked.Add(1)
				return all(b)
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	makers.Wait()
	if n := asked.Load(); n != 1 {
		t.Errorf("prepared %d times", n)
	}
}

// While another process prepares a dataset, one that is told to stop stops.
func TestMakeCancelled(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "pictures")
	other := flock.New(folder + ".lock")
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	defer other.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := Make(ctx, folder, pictures, unasked)
	if !errors.Is(err, context.Canceled) || Ready(folder) {
		t.Errorf("error %v, expected %v", err, context.Canceled)
	}
}

// What a source fetched stays until the dataset is prepared.
func TestMakeKeepsDownloads(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "pictures")
	err := Make(context.Background(), folder, pictures, func(b *Builder) error {
		if err := os.Mkdir(b.Downloads, 0o755); err != nil {
			return err
		}
		return errors.New("no more")
	})
	oneLine(t, err, "no more")
	if diff := cmp.Diff([]string{"pictures.download", "pictures.lock"}, datatest.Listing(t, dir)); diff != "" {
		t.Errorf("left (-expected +got):\n%s", diff)
	}
	if err := Make(context.Background(), folder, pictures, all); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(preparedFiles, datatest.Listing(t, dir)); diff != "" {
		t.Errorf("data folder (-expected +got):\n%s", diff)
	}
}

// What an earlier version of the program prepared opens, under the fingerprint that it
// has always had: its records have labels of one byte.
func TestOpenVersion1(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "tiny")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	record := func(label byte, from byte) string {
		return string([]byte{label, from, from + 1, from + 2, from + 3, from + 4, from + 5})
	}
	write(t, filepath.Join(folder, trainFile), []byte(record(0, 10)+record(1, 20)+record(2, 30)))
	write(t, filepath.Join(folder, validationFile), []byte(record(3, 40)))
	write(t, filepath.Join(folder, testFile), []byte(record(2, 50)+record(1, 60)))
	const fingerprint = "0bd4d075b310791a22962865e1b52489c6375f911f6634829bad73bd03dd7789"
	write(t, filepath.Join(folder, metaFile), []byte(`{
  "version": 1,
  "name": "tiny",
  "shape": [1, 2, 3],
  "classes": ["class0", "class1", "class2", "class3"],
  "train": [2, 1],
  "validation": [1, 0],
  "test": 2,
  "fingerprint": "`+fingerprint+`"
}
`))
	d, err := Open(folder, tiny, "runner data get tiny")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Verify(context.Background()); err != nil {
		t.Error(err)
	}
	if d.Fingerprint != fingerprint {
		t.Errorf("fingerprint %s, expected %s", d.Fingerprint, fingerprint)
	}
	pixels := make([]byte, 6)
	if label, err := d.Train(2).Pixels(0, pixels); err != nil || label != 2 || string(pixels) != record(2, 30)[1:] {
		t.Errorf("label %d, pixels %v, error %v", label, pixels, err)
	}
}

// Datasets that are not like CIFAR-10: batch files and a test file of different sizes,
// other pictures, and more classes than a byte can number.
func TestMakeOther(t *testing.T) {
	for _, about := range []Description{
		{Name: "small", Shape: [3]int{3, 5, 1}, Classes: words("class", 256), BatchFiles: 3},
		{Name: "wide", Shape: [3]int{3, 5, 1}, Classes: words("class", 257), BatchFiles: 3},
		{Name: "widest", Shape: [3]int{2, 2, 4}, Classes: words("class", 1000), BatchFiles: 3},
	} {
		t.Run(about.Name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), about.Name)
			sizes := []int{7, 10, 35, 21} // of the test file and the batch files
			if err := Make(context.Background(), folder, about, fill(about, sizes...)); err != nil {
				t.Fatal(err)
			}
			d, err := Open(folder, about, "again")
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if err := d.Verify(context.Background()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]int{9, 32, 19}, d.TrainExamples()); diff != "" {
				t.Errorf("training examples (-expected +got):\n%s", diff)
			}
			d.TrainExamples()[0] = 1 // whose change is not the dataset's
			var train, validation []Example
			for batch := 1; batch <= 3; batch++ {
				all := drawn(about, batch, sizes[batch])
				held := len(all) - len(all)/10
				train, validation = append(train, all[:held]...), append(validation, all[held:]...)
				same(t, d.Train(batch), all[:held])
			}
			same(t, d.Train(0), train)
			same(t, d.Validation(), validation)
			same(t, d.Test(), drawn(about, Test, 7))
			if s, _, err := d.Stats(2, 34); err != nil || s.Samples != 35 || s.Label != validation[3].Label {
				t.Errorf("stats %+v, error %v", s, err)
			}
			info, err := os.Stat(filepath.Join(folder, testFile))
			if err != nil || info.Size() != int64(7*about.RecordBytes()) {
				t.Errorf("test.bin: %v, error %v", info, err)
			}
		})
	}
	t.Run("a label that is no class", func(t *testing.T) {
		about := Description{Name: "wide", Shape: [3]int{3, 5, 1}, Classes: words("class", 300), BatchFiles: 1}
		folder := filepath.Join(t.TempDir(), about.Name)
		if err := Make(context.Background(), folder, about, fill(about, 10, 10)); err != nil {
			t.Fatal(err)
		}
		d, err := Open(folder, about, "again")
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		path := filepath.Join(folder, testFile)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		content[2*17], content[2*17+1] = 300&255, 300>>8
		write(t, path, content)
		err = d.Test().Read([]int32{2}, scaled, make([]float32, 15), make([]int32, 1))
		oneLine(t, err, "label 300, expected 0 to 299")
	})
}

// same holds the examples of a split against those that it was made of.
func same(t *testing.T, s *Split, want []Example) {
	t.Helper()
	if s.Len() != len(want) {
		t.Fatalf("%d examples, expected %d", s.Len(), len(want))
	}
	indices := make([]int32, len(want))
	for i := range indices {
		indices[i] = int32(i)
	}
	size := len(want[0].Pixels)
	x, labels, pixels := make([]float32, len(want)*size), make([]int32, len(want)), make([]byte, size)
	if err := s.Read(indices, scaled, x, labels); err != nil {
		t.Fatal(err)
	}
	for i, e := range want {
		label, err := s.Pixels(i, pixels)
		if err != nil || label != e.Label || int(labels[i]) != e.Label || string(pixels) != string(e.Pixels) {
			t.Errorf("example %d: labels %d and %d, expected %d, error %v", i, label, labels[i], e.Label, err)
		}
		for j, v := range e.Pixels {
			if x[i*size+j] != float32(v)/255 {
				t.Fatalf("example %d: value %d is %v, expected %d/255", i, j, x[i*size+j], v)
			}
		}
	}
}

// Where nothing is prepared, that is said, and nothing is waited for.
func TestOpenNothing(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "pictures")
	_, err := Open(folder, pictures, getPictures)
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, expected %v", err, os.ErrNotExist)
	}
	oneLine(t, err, "pictures is not prepared", filepath.Join(folder, metaFile), "run 'runner data get pictures'")
	if strings.Contains(err.Error(), "remove") {
		t.Errorf("error %q: there is nothing to remove", err)
	}
	if left := datatest.Listing(t, dir); left != nil {
		t.Errorf("left in the data folder: %q", left)
	}
}
