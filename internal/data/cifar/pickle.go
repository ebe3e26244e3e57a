package cifar

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/nlpodyssey/gopickle/pickle"
	"github.com/nlpodyssey/gopickle/types"
)

// parsePickled reads a batch file of the Python layout: a pickled dict with a
// list "labels" and "data", a numpy array of bytes, (examples, 3072).
func parsePickled(content []byte) (labels, planes []byte, err error) {
	root, err := unpickle(content)
	if err != nil {
		// The library's messages may spell out whole values.
		return nil, nil, fmt.Errorf("not a batch file of CIFAR-10: %.200s", err.Error())
	}
	dict, ok := root.(*types.Dict)
	if !ok {
		return nil, nil, fmt.Errorf("not a batch file of CIFAR-10: expected a pickled dict, got %T", root)
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
		if !ok {
			return nil, nil, fmt.Errorf("label of example %d: expected a whole number, got %T", i, list.Get(i))
		}
		if label < 0 || label > 255 {
			return nil, nil, fmt.Errorf("label %d of example %d is not a class", label, i)
		}
		labels[i] = byte(label)
	}
	planes, err = toBytes(array.content)
	if err != nil {
		return nil, nil, err
	}
	if array.shape[0] != len(labels) || array.shape[0]*array.shape[1] != len(planes) {
		return nil, nil, fmt.Errorf("data of shape %v in %d bytes does not fit %d labels",
			array.shape, len(planes), len(labels))
	}
	return labels, planes, nil
}

// unpickle returns the value that a pickle describes. Dicts, lists and tuples
// are the library's types, strings as [toBytes] takes them.
func unpickle(content []byte) (value any, err error) {
	program, buffers, err := slim(content)
	if err != nil {
		return nil, err
	}
	defer func() {
		// The library panics on some damaged input.
		if r := recover(); r != nil {
			err = fmt.Errorf("the pickle is damaged: %v", r)
		}
	}()
	u := pickle.NewUnpickler(bytes.NewReader(program))
	u.FindClass = findClass
	u.NextBuffer = func() (any, error) {
		b := buffers[0]
		buffers = buffers[1:]
		return b, nil
	}
	return u.Load()
}

// toBytes returns the bytes of a string: Python 2's, Python 3's bytes, or a
// long one of either.
func toBytes(value any) ([]byte, error) {
	switch s := value.(type) {
	case string:
		return []byte(s), nil
	case []byte:
		return s, nil
	case *types.ByteArray:
		return *s, nil
	case *buffer:
		if s.latin1 {
			return latin1(s.content)
		}
		return s.content, nil
	}
	return nil, fmt.Errorf("expected bytes, got %T", value)
}

// latin1 returns the characters of UTF-8 text as bytes.
func latin1(text []byte) ([]byte, error) {
	b := make([]byte, 0, len(text))
	for _, r := range string(text) {
		if r > 255 {
			return nil, fmt.Errorf("character %q is no byte", r)
		}
		b = append(b, byte(r))
	}
	return b, nil
}

// lookupKey finds a short key of a dict that Python 2 or 3 wrote.
func lookupKey(d *types.Dict, key string) any {
	for _, e := range *d {
		if _, long := e.Key.(*buffer); long {
			continue
		}
		if k, err := toBytes(e.Key); err == nil && string(k) == key {
			return e.Value
		}
	}
	return nil
}
