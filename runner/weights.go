package runner

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"unsafe"

	"runner/arch"
	"runner/internal/checkpoint"
)

// The checkpoints in a run's folder.
const (
	LastFile = "last.safetensors" // after the latest epoch
	BestFile = "best.safetensors" // after the epoch with the best validation accuracy
)

// weightsHash returns the SHA-256 of all parameters' names and float32 bits, as
// they are in memory, in the order of the layers, in hexadecimal.
func weightsHash(params []arch.Param) string {
	h := sha256.New()
	for _, p := range params {
		h.Write([]byte(p.Name))
		h.Write(unsafe.Slice((*byte)(unsafe.Pointer(&p.Value[0])), 4*len(p.Value)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// save writes the parameters to a checkpoint.
func save(path string, params []arch.Param, metadata map[string]string) error {
	file := checkpoint.File{Metadata: metadata}
	for _, p := range params {
		file.Tensors = append(file.Tensors, checkpoint.Tensor{Name: p.Name, Shape: p.Shape, Data: p.Value})
	}
	return checkpoint.Write(path, file)
}

// restore copies a checkpoint's tensors into the parameters.
func restore(path string, params []arch.Param) error {
	shapes := make(map[string][]int, len(params))
	for _, p := range params {
		shapes[p.Name] = p.Shape
	}
	tensors, err := read(path, shapes)
	if err != nil {
		return err
	}
	for _, p := range params {
		copy(p.Value, tensors[p.Name].Data)
	}
	return nil
}

// fits says why a checkpoint cannot start a network, or nil.
func fits(path string, n *arch.Network) error {
	_, err := read(path, n.ParamShapes())
	return err
}

// read returns the tensors of a checkpoint, which must be there with these
// shapes.
func read(path string, shapes map[string][]int) (map[string]checkpoint.Tensor, error) {
	file, err := checkpoint.Read(path)
	if err != nil {
		return nil, err
	}
	tensors := make(map[string]checkpoint.Tensor, len(file.Tensors))
	for _, t := range file.Tensors {
		tensors[t.Name] = t
	}
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		t, ok := tensors[name]
		if !ok {
			return nil, fmt.Errorf("%s: has no tensor %s: it belongs to another network", path, name)
		}
		if !slices.Equal(t.Shape, shapes[name]) {
			return nil, fmt.Errorf("%s: tensor %s has shape %v, expected %v: it belongs to another network", path, name, t.Shape, shapes[name])
		}
	}
	return tensors, nil
}
