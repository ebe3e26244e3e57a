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

// weightsHash returns the SHA-256, in hexadecimal, of the names and float32 bits of all tensors, as they are in memory,
// in the order of the layers.
func weightsHash(tensors []arch.Variable) string {
	h := sha256.New()
	for _, t := range tensors {
		h.Write([]byte(t.Name))
		h.Write(unsafe.Slice((*byte)(unsafe.Pointer(&t.Value[0])), 4*len(t.Value)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// checkpointOf returns a model's tensors, and an optimizer's buffers, as a checkpoint that shares their memory.
func checkpointOf(tensors []arch.Variable, optimizer []optim.Slot, metadata map[string]string) checkpoint.File {
	file := checkpoint.File{Metadata: metadata}
	for _, t := range tensors {
		file.Tensors = append(file.Tensors, checkpoint.Tensor{Name: t.Name, Shape: t.Shape, Data: t.Value})
	}
	for _, s := range optimizer {
		file.Tensors = append(file.Tensors, checkpoint.Tensor{Name: slotName(s), Shape: []int{len(s.Data)}, Data: s.Data})
	}
	return file
}

// slotName is the name of an optimizer's buffer in a checkpoint, such as optimizer.adam.m.layers.0.conv2d.kernel.
func slotName(s optim.Slot) string { return "optimizer." + s.Name }

// restore copies a checkpoint's tensors into a model's, and returns its metadata. Anything else in the checkpoint, such
// as an optimizer's buffers, is ignored.
func restore(path string, tensors []arch.Variable) (metadata map[string]string, err error) {
	file, err := checkpoint.Read(path)
	if err != nil {
		return nil, err
	}
	return file.Metadata, assign(path, file, tensors, nil)
}

// assign copies the tensors of the checkpoint at path into a model's and an optimizer's buffers.
func assign(path string, file checkpoint.File, tensors []arch.Variable, optimizer []optim.Slot) error {
	shapes := make(map[string][]int, len(tensors)+len(optimizer))
	for _, t := range tensors {
		shapes[t.Name] = t.Shape
	}
	for _, s := range optimizer {
		shapes[slotName(s)] = []int{len(s.Data)}
	}
	found, err := pick(path, file, shapes)
	if err != nil {
		return err
	}
	for _, t := range tensors {
		copy(t.Value, found[t.Name].Data)
	}
	for _, s := range optimizer {
		copy(s.Data, found[slotName(s)].Data)
	}
	return nil
}

// fits says why a network cannot start from a checkpoint, or returns nil.
func fits(path string, n *arch.Network) error {
	file, err := checkpoint.Read(path)
	if err != nil {
		return err
	}
	_, err = pick(path, file, n.TensorShapes())
	return err
}

// pick returns the tensors of the checkpoint at path by name. Those in shapes must be there, with these shapes.
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
			return nil, fmt.Errorf("%s: tensor %s has shape %v, expected %v: it belongs to another network",
				path, name, t.Shape, shapes[name])
		}
	}
	return tensors, nil
}
