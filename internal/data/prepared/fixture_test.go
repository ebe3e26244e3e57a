package prepared

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"runner/internal/data/transform"
)

// pictures describes the dataset of most tests: ten pictures a batch file, 9 for
// training and 1 for validation.
var pictures = Description{Name: "pictures", Shape: [3]int{32, 32, 3}, Classes: words("class", 10), BatchFiles: 5}

const fixtureSize = 10

// words returns n distinct words.
func words(word string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(word, i)
	}
	return all
}

// drawn returns n random examples of a batch file.
func drawn(about Description, batch, n int) []Example {
	random := rand.New(rand.NewPCG(1, uint64(batch)))
	all := make([]Example, n)
	for i := range all {
		all[i] = Example{random.IntN(len(about.Classes)), make([]byte, about.Pixels())}
		for j := range all[i].Pixels {
			all[i].Pixels[j] = byte(random.IntN(256))
		}
	}
	return all
}

// each gives examples to a builder, in one piece of memory.
func each(all []Example) iter.Seq2[Example, error] {
	return func(yield func(Example, error) bool) {
		var e Example
		for _, one := range all {
			e.Label, e.Pixels = one.Label, append(e.Pixels[:0], one.Pixels...)
			if !yield(e, nil) {
				return
			}
		}
	}
}

// fill gives a builder so many examples of each batch file, the test file first.
func fill(about Description, sizes ...int) func(*Builder) error {
	return func(b *Builder) error {
		for batch, n := range sizes {
			if err := b.Add(batch, each(drawn(about, batch, n))); err != nil {
				return err
			}
		}
		return nil
	}
}

// made prepares the dataset of most tests in a data folder and returns its own.
func made(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), pictures.Name)
	if err := Make(context.Background(), folder, pictures, all); err != nil {
		t.Fatal(err)
	}
	return folder
}

const getPictures = "runner data get pictures"

// opened is the dataset of most tests.
func opened(t *testing.T) (d *Dataset, folder string) {
	t.Helper()
	folder = made(t)
	d, err := Open(folder, pictures, getPictures)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, folder
}

// scaled is a pass that scales pixels.
var scaled = transform.Pass{Transforms: []transform.Transform{transform.Scale(func(x []float32, pixels []byte) {
	for i, v := range pixels {
		x[i] = float32(v) / 255
	}
})}}

// preparedFiles are all that a prepared dataset leaves in the data folder.
var preparedFiles = []string{
	"pictures", "pictures.lock", "pictures/meta.json", "pictures/test.bin", "pictures/train.bin",
	"pictures/validation.bin",
}

// all fills a builder with the dataset of most tests.
var all = fill(pictures, 10, 10, 10, 10, 10, 10)

// oneLine makes sure that an error is one line and says all of want.
func oneLine(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, expected one with %q", want)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %q, expected one line that says %q", err, w)
		}
	}
}

// setMeta returns a function that changes meta.json in a dataset's folder.
func setMeta(key string, value any) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		path := filepath.Join(dir, metaFile)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var content map[string]any
		if err := json.Unmarshal(text, &content); err != nil {
			t.Fatal(err)
		}
		if _, is := content[key]; !is {
			t.Fatalf("%s has no %q", path, key)
		}
		content[key] = value
		if text, err = json.Marshal(content); err != nil {
			t.Fatal(err)
		}
		write(t, path, text)
	}
}

func truncate(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
