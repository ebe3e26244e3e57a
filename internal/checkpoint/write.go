package checkpoint

import (
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"

	"runner/internal/files"
)

// Write stores f at path, atomically: it writes and syncs a temporary file in the same folder, renames it to path, and
// syncs the folder, so that the new name survives a power cut. On failure the temporary file is removed and path is as
// it was before, unless only the last step failed: then the new file is there, and may not be durable. A process that
// is killed may leave its temporary file: see Leftovers.
//
// Equal content gives equal bytes: tensors and keys are sorted by name, whatever their order in f. The file holds a
// checksum of its content, whether f was Checksummed or not.
func Write(path string, f File) error {
	if err := f.check(); err != nil {
		return fmt.Errorf("checkpoint %s: %w", path, err)
	}
	folder, base := filepath.Split(path)
	err := files.Replace(path, filepath.Join(folder, tempOf(base)), func(w io.Writer) error { return encode(w, f) })
	if err != nil {
		return fmt.Errorf("checkpoint %s: cannot be written by way of a temporary file beside it: %w", path, err)
	}
	if err := files.SyncFolder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("checkpoint %s: cannot sync its folder: %w", path, err)
	}
	return nil
}

// encode streams f to w, with its checksum.
func encode(w io.Writer, f File) error {
	// The library writes the tensors in this order too.
	byName := func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) }
	tensors := slices.SortedFunc(slices.Values(f.Tensors), byName)
	metadata := map[string]string{checksumKey: checksum(tensors, f.Metadata)}
	maps.Copy(metadata, f.Metadata)
	views := make(map[string]view, len(tensors))
	for _, t := range tensors {
		views[t.Name] = view{t}
	}
	return safetensors.SerializeToWriter(views, metadata, &headerLimit{w: w})
}

// headerLimit refuses a header that Read would refuse, and passes everything else on: the library writes the header's
// length first, in a call of its own.
type headerLimit struct {
	w       io.Writer
	checked bool
}

func (h *headerLimit) Write(p []byte) (int, error) {
	if !h.checked {
		h.checked = true
		if n := binary.LittleEndian.Uint64(p); n > maxHeaderBytes {
			return 0, fmt.Errorf("header of %d bytes, at most %d are allowed: shorten the metadata or the names",
				n, maxHeaderBytes)
		}
	}
	return h.w.Write(p)
}

// view presents a tensor to the library, whose own TensorView knows no scalars.
type view struct{ t Tensor }

func (v view) DType() safetensors.DType { return safetensors.F32 }
func (v view) Shape() []uint64          { return resized[uint64](v.t.Shape) }
func (v view) DataLen() uint64          { return uint64(len(v.t.Data)) * elementBytes }
func (v view) Data() []byte             { return littleEndian(v.t.Data) }
