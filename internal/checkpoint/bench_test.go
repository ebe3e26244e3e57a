package checkpoint

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"runner/internal/files"
)

// wide is a network of 2.1 million parameters, 8.6 MB.
func wide() File {
	f := File{Metadata: map[string]string{"epoch": "12", "experiment": "wide"}}
	for name, shape := range map[string][]int{
		"layers.1.dense.bias": {2048}, "layers.1.dense.kernel": {784, 2048},
		"layers.2.dense.bias": {264}, "layers.2.dense.kernel": {2048, 264},
	} {
		count := 1
		for _, d := range shape {
			count *= d
		}
		data := make([]float32, count)
		for i := range data {
			data[i] = float32(i) * 1.37
		}
		f.Tensors = append(f.Tensors, Tensor{name, shape, data})
	}
	return f
}

// BenchmarkWrite measures writing as a whole and its parts: the checksum, the encoding (with the checksum), and the
// time that the system takes to make as many bytes durable.
func BenchmarkWrite(b *testing.B) {
	f := wide()
	raw := encoded(b, f)
	path := filepath.Join(b.TempDir(), "last.safetensors")
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"checksum", func() error { checksum(f.Tensors, f.Metadata); return nil }},
		{"encode", func() error { return encode(io.Discard, f) }},
		{"durable", func() error { return replace(path, raw) }},
		{"whole", func() error { return Write(path, f) }},
	} {
		b.Run(part.name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				if err := part.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// replace makes the system calls of Write.
func replace(path string, raw []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "*.tmp")
	if err != nil {
		return err
	}
	_, err = temp.Write(raw)
	return errors.Join(err, temp.Sync(), temp.Close(),
		os.Rename(temp.Name(), path), files.SyncFolder(filepath.Dir(path)))
}

func BenchmarkRead(b *testing.B) {
	path := filepath.Join(b.TempDir(), "last.safetensors")
	f := wide()
	if err := Write(path, f); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(encoded(b, f))))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(path); err != nil {
			b.Fatal(err)
		}
	}
}
