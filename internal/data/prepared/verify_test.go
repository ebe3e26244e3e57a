package prepared

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What opening does not see: every file and all of meta.json is covered, and
// one line says what is damaged and what to do.
func TestVerify(t *testing.T) {
	whole := made(t)
	const other = "damaged: one of train.bin, validation.bin, test.bin and meta.json changed since they were made"
	resize := func(name string, size int64) func(t *testing.T, dir string) {
		return func(t *testing.T, dir string) { truncate(t, filepath.Join(dir, name), size) }
	}
	tests := []struct {
		name          string
		before, after func(t *testing.T, dir string) // it is opened
		want          string                         // empty: it passes
	}{
		{"intact", nil, nil, ""},
		{"first byte of train.bin", flip(trainFile, 0), nil, other},
		{"last byte of train.bin", flip(trainFile, 138_284), nil, other},
		{"a pixel of validation.bin", flip(validationFile, 3073+1000), nil, other},
		{"a label of test.bin", flip(testFile, 3073), nil, other},
		{"last byte of test.bin", flip(testFile, 30_729), nil, other},
		{"flipped when open", nil, flip(trainFile, 70_000), other},
		{"two pictures of train.bin exchanged", exchange, nil, other},
		{"short train.bin", nil, resize(trainFile, 138_284), "train.bin: damaged: expected 138285 bytes, got 138284"},
		{"empty validation.bin", nil, resize(validationFile, 0), "validation.bin: damaged: expected 15365 bytes, got 0"},
		{"long test.bin", nil, resize(testFile, 30_731), "test.bin: damaged: expected 30730 bytes, got 30731"},
		{"another fingerprint", setMeta("fingerprint", strings.Repeat("0", 64)), nil, other},
		{"training counts moved", setMeta("train", []int{8, 10, 9, 9, 9}), nil, other},
		{"validation counts moved", setMeta("validation", []int{1, 1, 0, 2, 1}), nil, other},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "pictures")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if test.before != nil {
				test.before(t, dir)
			}
			d, err := Open(dir, pictures, getPictures)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if test.after != nil {
				test.after(t, dir)
			}
			for range 2 { // the second time as the first
				err := d.Verify(context.Background())
				if test.want != "" {
					oneLine(t, err, test.want, "remove the folder "+dir+" and run 'runner data get pictures'")
				} else if err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// flip returns a function that changes one bit of a file in a dataset's folder.
func flip(name string, at int64) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		t.Helper()
		path := filepath.Join(dir, name)
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		content[at] ^= 1
		write(t, path, content)
	}
}

// exchange gives the second training picture the first place.
func exchange(t *testing.T, dir string) {
	t.Helper()
	path := filepath.Join(dir, trainFile)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first := string(content[:3073])
	copy(content, content[3073:2*3073])
	copy(content[3073:], first)
	write(t, path, content)
}

// Verifying stops between any two reads, and does not call the dataset damaged.
func TestVerifyCancelled(t *testing.T) {
	d, _ := opened(t)
	for reads := range 3 { // of one a file
		ctx := &countedContext{context.Background(), reads}
		err := d.Verify(ctx)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after %d reads: error %v, expected %v", reads, err, context.Canceled)
		}
		oneLine(t, err, "verifying pictures")
		if strings.Contains(err.Error(), "remove") {
			t.Errorf("error %q gives advice about a dataset that may be whole", err)
		}
	}
}

// countedContext is cancelled when it has been asked left times.
type countedContext struct {
	context.Context
	left int
}

func (c *countedContext) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}
