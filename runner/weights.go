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
	"runner/runner/optim"
)

// The checkpoints in a run's folder.
const (
	LastFile = "last.safetensors" // the latest state, to go on from
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

// save writes the parameters, and an optimizer's buffers, to a checkpoint.
func save(path string, params []arch.Param, optimizer []optim.Slot, metadata map[string]string) error {
	file := checkpoint.File{Metadata: metadata}
	for _, p := range params {
		file.Tensors = append(file.Tensors, checkpoint.Tensor{Name: p.Name, Shape: p.Shape, Data: p.Value})
	}
	for _, s := range optimizer {
		file.Tensors = append(file.Tensors, checkpoint.Tensor{Name: slotName(s), Shape: []int{len(s.Data)}, Data: s.Data})
	}
	return checkpoint.Write(path, file)
}

// slotName is the name of an optimizer's buffer in a checkpoint, such as
// optimizer.adam.m.layers.0.conv2d.kernel.
func slotName(s optim.Slot) string { return "optimizer." + s.Name }

// restore copies a checkpoint's tensors into the parameters, and returns its metadata.
// What else it holds, such as an optimizer's buffers, is left alone.
func restore(path string, params []arch.Param) (metadata map[string]string, err error) {
	file, err := checkpoint.Read(path)
	if err != nil {
		return nil, err
	}
	return file.Metadata, assign(path, file, params, nil)
}

// assign copies the tensors of the checkpoint at path into the parameters and
// an optimizer's buffers.
func assign(path string, file checkpoint.File, params []arch.Param, optimizer []optim.Slot) error {
	shapes := make(map[string][]int, len(params)+len(optimizer))
	for _, p := range params {
		shapes[p.Name] = p.Shape
	}
	for _, s := range optimizer {
		shapes[slotName(s)] = []int{len(s.Data)}
	}
	tensors, err := pick(path, file, shapes)
	if err != nil {
		return err
	}
	for _, p := range params {
		copy(p.Value, tensors[p.Name].Data)
	}
	for _, s := range optimizer {
		copy(s.Data, tensors[slotName(s)].Data)
	}
	return nil
}

// fits says why a checkpoint cannot start a network, or nil.
func fits(path string, n *arch.Network) error {
	file, err := checkpoint.Read(path)
	if err != nil {
		return err
	}
	_, err = pick(path, file, n.ParamShapes())
	return err
}

// pick returns the tensors of the checkpoint at path, which must be there with
// these shapes.
func pick(path string, file checkpoint.File, shapes map[string][]int) (map[string]checkpoint.Tensor, error) {
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
