package checkpoint

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/nlpodyssey/safetensors"
)

// Read reads the checkpoint at path, a safetensors file of float32 (F32) tensors, written here or by another program.
// It refuses other element types, sizes beyond the package's limits, tensors that overlap or leave gaps, a file shorter
// or longer than its header says, and content that does not match its checksum. A file without a checksum is read: see
// File.Checksummed.
func Read(path string) (File, error) {
	f, err := readFile(path)
	if err != nil {
		return File{}, fmt.Errorf("checkpoint %s: %w", path, err)
	}
	return f, nil
}

func readFile(path string) (File, error) {
	// Before opening, because opening a named pipe waits for a writer.
	info, err := os.Stat(path)
	if err != nil {
		return File{}, plain(err)
	}
	if !info.Mode().IsRegular() {
		return File{}, errors.New("is not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return File{}, plain(err)
	}
	defer file.Close()
	return decode(file, info.Size())
}

// plain drops the path from an error of os: Read names it.
func plain(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}

func decode(r io.Reader, size int64) (File, error) {
	header, err := readHeader(r, size)
	if err != nil {
		return File{}, err
	}
	var meta safetensors.Metadata
	if err := json.Unmarshal(header, &meta); err != nil {
		// Cut, not wrapped: the library may quote the whole header.
		return File{}, fmt.Errorf("its header is not that of a safetensors file: %.200s", err.Error())
	}
	f := File{Metadata: meta.Metadata()}
	sum, err := takeChecksum(f.Metadata)
	if err != nil {
		return File{}, err
	}
	f.Checksummed = sum != ""
	if len(f.Metadata) == 0 {
		f.Metadata = nil
	}
	infos := meta.Tensors()
	f.Tensors, err = layout(infos, size-8-int64(len(header)))
	if err != nil {
		return File{}, err
	}
	for i := range f.Tensors {
		t := &f.Tensors[i]
		from, to := infos[t.Name].DataOffsets[0], infos[t.Name].DataOffsets[1]
		t.Data = make([]float32, (to-from)/elementBytes)
		raw := memory(t.Data)
		if _, err := io.ReadFull(r, raw); err != nil {
			return File{}, fmt.Errorf("tensor %q: cannot read its data: %w", t.Name, err)
		}
		if bigEndian {
			turn(raw)
		}
	}
	if !f.Checksummed {
		return f, nil
	}
	if got := checksum(f.Tensors, f.Metadata); got != sum {
		return File{}, fmt.Errorf("is damaged: its content does not match its checksum (expected %s, got %s): %s",
			sum, got, remedy)
	}
	return f, nil
}

// readHeader reads the JSON header and leaves r at the first tensor's data.
func readHeader(r io.Reader, size int64) ([]byte, error) {
	var length [8]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, fmt.Errorf("too short for a safetensors file (%d bytes): %w", size, err)
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > maxHeaderBytes || int64(n) > size-8 {
		return nil, fmt.Errorf("not a safetensors file, or a damaged one: its header would be %d bytes "+
			"(the file has %d, a header at most %d)", n, size, maxHeaderBytes)
	}
	header := make([]byte, n)
	if _, err := io.ReadFull(r, header); err != nil {
		return nil, fmt.Errorf("cannot read its header: %w", err)
	}
	return header, nil
}

// layout checks the header's tensors against the number of bytes that follow the header, and returns them in the file's
// order, without their data.
func layout(infos map[string]*safetensors.TensorInfo, dataBytes int64) ([]Tensor, error) {
	if len(infos) > maxTensors {
		return nil, fmt.Errorf("%d tensors, at most %d are allowed", len(infos), maxTensors)
	}
	names := slices.SortedFunc(maps.Keys(infos), func(a, b string) int {
		// Empty tensors may share their offsets.
		return cmp.Or(slices.Compare(infos[a].DataOffsets[:], infos[b].DataOffsets[:]), cmp.Compare(a, b))
	})
	tensors := make([]Tensor, 0, len(names))
	end := uint64(0)
	for _, name := range names {
		info := infos[name]
		if err := checkName(name); err != nil {
			return nil, err
		}
		if info.DType != safetensors.F32 {
			return nil, fmt.Errorf("tensor %q: holds %s, only F32 is supported: convert it to float32",
				name, info.DType)
		}
		count, err := elements(info.Shape)
		if err != nil {
			return nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		want := [2]uint64{end, end + uint64(count)*elementBytes}
		if info.DataOffsets != want {
			return nil, fmt.Errorf("tensor %q: data_offsets are %v, its shape %v and the tensors before it mean %v",
				name, info.DataOffsets, info.Shape, want)
		}
		end = want[1]
		tensors = append(tensors, Tensor{Name: name, Shape: resized[int](info.Shape)})
	}
	if end > maxDataBytes || int64(end) != dataBytes {
		return nil, fmt.Errorf("%d bytes of data follow the header, its tensors need %d (at most %d): "+
			"the file is truncated or damaged", dataBytes, end, maxDataBytes)
	}
	return tensors, nil
}

// resized converts a shape that elements has accepted.
func resized[To, From int | uint64](shape []From) []To {
	converted := make([]To, len(shape))
	for i, d := range shape {
		converted[i] = To(d)
	}
	return converted
}
