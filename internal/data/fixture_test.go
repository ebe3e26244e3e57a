package data

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
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
		header := &tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(content))}
		if err := w.WriteHeader(header); err != nil {
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

// preparedFiles are all that a prepared dataset leaves in the data folder.
var preparedFiles = []string{"cifar10", "cifar10.lock", "cifar10/meta.json", "cifar10/test.bin", "cifar10/train.bin",
	"cifar10/validation.bin"}
