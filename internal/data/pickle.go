package data

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/nlpodyssey/gopickle/pickle"
	"github.com/nlpodyssey/gopickle/types"
)

// parsePickled reads a batch file of the Python layout: a pickled dict with a
// list "labels" and "data", a numpy array of bytes, (examples, 3072).
func parsePickled(content []byte) (labels, planes []byte, err error) {
	defer func() {
		// The pickle library panics on some damaged input.
		if r := recover(); r != nil {
			err = fmt.Errorf("not a batch file of CIFAR-10: %v", r)
		}
	}()
	if err := checkPickle(content); err != nil {
		return nil, nil, fmt.Errorf("not a batch file of CIFAR-10: %w", err)
	}
	u := pickle.NewUnpickler(bytes.NewReader(content))
	u.FindClass = findClass
	root, err := u.Load()
	if err != nil {
		return nil, nil, fmt.Errorf("not a batch file of CIFAR-10: %w", err)
	}
	dict, ok := root.(*types.Dict)
	if !ok {
		return nil, nil, fmt.Errorf("expected a pickled dict, got %T", root)
	}
	list, ok := lookupKey(dict, "labels").(*types.List)
	if !ok {
		return nil, nil, errors.New(`the dict has no list "labels"`)
	}
	array, ok := lookupKey(dict, "data").(*ndarray)
	if !ok {
		return nil, nil, errors.New(`the dict has no numpy array "data"`)
	}
	labels = make([]byte, list.Len())
	for i := range labels {
		label, ok := list.Get(i).(int)
		if !ok || label < 0 || label > 255 {
			return nil, nil, fmt.Errorf("label %v of example %d is not a class", list.Get(i), i)
		}
		labels[i] = byte(label)
	}
	if len(array.shape) != 2 || array.shape[0] != len(labels) || array.shape[0]*array.shape[1] != len(array.bytes) {
		return nil, nil, fmt.Errorf("data of shape %v in %d bytes does not fit %d labels", array.shape, len(array.bytes), len(labels))
	}
	return labels, array.bytes, nil
}

// lookupKey finds a key of a dict that Python 2 or 3 wrote.
func lookupKey(d *types.Dict, key string) any {
	for _, e := range *d {
		switch k := e.Key.(type) {
		case string:
			if k == key {
				return e.Value
			}
		case []byte:
			if string(k) == key {
				return e.Value
			}
		}
	}
	return nil
}

// findClass knows what numpy arrays of bytes are made of, and nothing else: a
// pickle names functions to call.
func findClass(module, name string) (any, error) {
	switch strings.Replace(module, "numpy._core.", "numpy.core.", 1) + "." + name {
	case "numpy.core.multiarray._reconstruct":
		return function(func(...any) (any, error) { return new(ndarray), nil }), nil
	case "numpy.ndarray":
		return class{}, nil
	case "numpy.dtype":
		return function(func(args ...any) (any, error) {
			if len(args) == 0 || args[0] != "u1" {
				return nil, fmt.Errorf("expected an array of bytes (u1), got %v", args)
			}
			return class{}, nil
		}), nil
	case "_codecs.encode":
		return function(encode), nil
	}
	return nil, fmt.Errorf("names %.100q, which is not needed here", module+"."+name)
}

// encode is how Python 3 writes bytes for Python 2: text whose characters are
// the bytes.
func encode(args ...any) (any, error) {
	if len(args) != 2 || args[1] != "latin1" {
		return nil, fmt.Errorf("expected a latin1 encoding, got %d arguments", len(args))
	}
	text, ok := args[0].(string)
	if !ok {
		return nil, fmt.Errorf("expected text to encode, got %T", args[0])
	}
	b := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 255 {
			return nil, fmt.Errorf("character %q is no byte", r)
		}
		b = append(b, byte(r))
	}
	return b, nil
}

// function is a Python function.
type function func(args ...any) (any, error)

// Call implements types.Callable.
func (f function) Call(args ...any) (any, error) { return f(args...) }

// class is a Python object whose state does not matter.
type class struct{}

// PySetState implements types.PyStateSettable.
func (class) PySetState(any) error { return nil }

// ndarray is a numpy array of bytes.
type ndarray struct {
	shape []int
	bytes []byte
}

// PySetState implements types.PyStateSettable: (version, shape, dtype, whether
// it is in Fortran's order, bytes).
func (a *ndarray) PySetState(state any) error {
	t, ok := state.(*types.Tuple)
	if !ok || t.Len() != 5 {
		return errors.New("expected the state of a numpy array")
	}
	shape, ok := t.Get(1).(*types.Tuple)
	if !ok || t.Get(3) != false {
		return errors.New("expected a numpy array in C order")
	}
	for i := range shape.Len() {
		n, ok := shape.Get(i).(int)
		if !ok || n < 0 || n > maxMember {
			return fmt.Errorf("a numpy array of shape %v", shape)
		}
		a.shape = append(a.shape, n)
	}
	switch b := t.Get(4).(type) {
	case string:
		a.bytes = []byte(b)
	case []byte:
		a.bytes = b
	default:
		return fmt.Errorf("expected a numpy array's bytes, got %T", b)
	}
	return nil
}
