package data

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// cifarArchive returns an archive of CIFAR-10 with ten pictures in each batch file.
func cifarArchive(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	random := rand.NewChaCha8([32]byte{1})
	for batch := 1; batch <= 6; batch++ {
		content := make([]byte, 10*3073)
		_, _ = random.Read(content)
		for i := range 10 {
			content[i*3073] %= 10
		}
		name := fmt.Sprintf("cifar-10-batches-bin/data_batch_%d.bin", batch)
		if batch == 6 {
			name = "cifar-10-batches-bin/test_batch.bin"
		}
		if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// listing returns every path under a folder.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		if path != "." {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	return paths
}

// preparedFiles are all that a prepared dataset leaves in the data folder.
var preparedFiles = []string{"cifar10", "cifar10.lock", "cifar10/meta.json", "cifar10/test.bin", "cifar10/train.bin", "cifar10/validation.bin"}
