package cifar

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nlpodyssey/gopickle/types"
)

// findClass knows what numpy arrays of bytes are made of, and nothing else: a
// pickle names functions to call.
func findClass(module, name string) (any, error) {
	switch strings.Replace(module, "numpy._core.", "numpy.core.", 1) + "." + name {
	case "numpy.core.multiarray._reconstruct":
		return function(func(...any) (any, error) { return new(ndarray), nil }), nil
	case "numpy.core.numeric._frombuffer":
		return function(fromBuffer), nil
	case "numpy.ndarray":
		return class{}, nil
	case "numpy.dtype":
		return function(dtype), nil
	case "_codecs.encode":
		return function(encode), nil
	}
	return nil, fmt.Errorf("names %.100q, which is not needed here", module+"."+name)
}

// function is a Python function.
type function func(args ...any) (any, error)

// Call implements types.Callable.
func (f function) Call(args ...any) (any, error) { return f(args...) }

// class is a Python object whose state does not matter.
type class struct{}

// PySetState implements types.PyStateSettable.
func (class) PySetState(any) error { return nil }

func dtype(args ...any) (any, error) {
	if len(args) == 0 || args[0] != "u1" {
		return nil, errors.New("expected a numpy array of bytes (u1)")
	}
	return class{}, nil
}

// encode is how Python 3 writes bytes for Python 2: text whose characters are
// the bytes.
func encode(args ...any) (any, error) {
	if len(args) != 2 || args[1] != "latin1" {
		return nil, errors.New("expected text in latin1")
	}
	switch text := args[0].(type) {
	case string:
		return latin1([]byte(text))
	case *buffer:
		return &buffer{text.content, true}, nil
	}
	return nil, fmt.Errorf("expected text to encode, got %T", args[0])
}

// ndarray is a numpy array of bytes with two dimensions, in C order.
type ndarray struct {
	shape   [2]int
	content any // what toBytes takes
}

// PySetState implements types.PyStateSettable: (version, shape, dtype, whether
// it is in Fortran's order, bytes).
func (a *ndarray) PySetState(state any) error {
	t, ok := state.(*types.Tuple)
	if !ok || t.Len() != 5 {
		return errors.New("expected the state of a numpy array")
	}
	return a.set(t.Get(1), t.Get(3) == false, t.Get(4))
}

// fromBuffer is how protocol 5 writes an array: bytes, dtype, shape, order.
func fromBuffer(args ...any) (any, error) {
	if len(args) != 4 {
		return nil, errors.New("expected the four parts of a numpy array")
	}
	a := new(ndarray)
	return a, a.set(args[2], args[3] == "C", args[0])
}

func (a *ndarray) set(shape any, cOrder bool, content any) error {
	dimensions, ok := shape.(*types.Tuple)
	if !ok || dimensions.Len() != len(a.shape) || !cOrder {
		return errors.New("expected a numpy array with two dimensions in C order")
	}
	for i := range a.shape {
		n, ok := dimensions.Get(i).(int)
		if !ok || n < 0 || n > maxMember {
			return errors.New("a numpy array of an impossible shape")
		}
		a.shape[i] = n
	}
	a.content = content
	return nil
}
