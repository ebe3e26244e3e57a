package spec

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// NodeDecoder is a type with a syntax of its own, such as [Pair]. DecodeNode reads the node
// of its value and returns what is wrong with it, each message beginning with where:
// "layers[3] conv2d: stride".
type NodeDecoder interface {
	DecodeNode(n Node, where string) Faults
}

// Decode fills the struct that into points to from a map, or from Null for no arguments. Values
// already in the struct are the defaults. It reports every fault: unknown and missing keys,
// wrong types, values out of bounds. Their messages begin with where ("layers[3] conv2d").
//
// The key of a field is the name in its json tag. Its jsonschema tag, which also makes the
// schema, gives the rules: required, minimum=, maximum=, exclusiveMinimum=, exclusiveMaximum=,
// enum=a,enum=b and minItems=. A field is a bool, string, int, float, struct, [NodeDecoder],
// a slice of these, or a pointer to one of these, which stays nil when the key is not given.
//
// A NodeDecoder can decode its own keys with Decode through a type without that method:
// type keys T; Decode(n, (*keys)(t), where).
func Decode(n Node, into any, where string) Faults {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic(fmt.Sprintf("spec.Decode: into is %T, not a pointer to a struct", into))
	}
	return decode(n, v.Elem(), where)
}

// decode decodes one value by the type of where it goes.
func decode(n Node, v reflect.Value, where string) Faults {
	if own, ok := v.Addr().Interface().(NodeDecoder); ok {
		return own.DecodeNode(n, where)
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return decode(n, v.Elem(), where)
	case reflect.Struct:
		return decodeKeys(n, v, where, false)
	case reflect.Slice:
		return decodeList(n, v, where)
	}
	if message := setScalar(n, v); message != "" {
		return n.Pos.fault(where, "%s", message)
	}
	return nil
}

// decodeKeys decodes the keys of a map into a struct. In an incomplete map none has to be there.
func decodeKeys(n Node, v reflect.Value, where string, incomplete bool) (faults Faults) {
	if n.Kind != Map && n.Kind != Null {
		return n.Pos.fault(where, "expected keys and values, got %s", n.Describe())
	}
	known := fields(v)
	names := make([]string, len(known))
	for i, f := range known {
		names[i] = f.name
	}
	misspelt := map[string]bool{} // the keys suggested in place of unknown ones
	for _, e := range n.Map {
		if !slices.Contains(names, e.Key) {
			faults = append(faults, e.KeyPos.fault(where, "%s", unknown("key", e.Key, names))...)
			misspelt[Suggest(e.Key, names)] = true
		}
	}
	for _, f := range known {
		value, given := n.lookup(f.name)
		switch {
		case value.Kind != Null:
			faults = append(faults, f.decode(value, inside(where, f.name))...)
		case f.required && !misspelt[f.name] && !incomplete:
			pos := n.Pos
			if given {
				pos = value.Pos
			}
			faults = append(faults, pos.fault(where, "the key %q is missing", f.name)...)
		}
	}
	return faults
}

func decodeList(n Node, v reflect.Value, where string) (faults Faults) {
	if n.Kind != List {
		return n.Pos.fault(where, "expected a list, got %s", n.Describe())
	}
	list := reflect.MakeSlice(v.Type(), len(n.List), len(n.List))
	for i, item := range n.List {
		faults = append(faults, decode(item, list.Index(i), fmt.Sprintf("%s[%d]", where, i))...)
	}
	v.Set(list)
	return faults
}

// setScalar stores a scalar, or returns why it does not fit.
func setScalar(n Node, v reflect.Value) string {
	switch {
	case v.CanInt():
		return setInt(n, v)
	case v.CanFloat():
		return setFloat(n, v)
	case v.Kind() == reflect.Bool:
		if n.Kind != Bool {
			return "expected true or false, got " + n.Describe()
		}
		v.SetBool(n.Bool)
	case v.Kind() == reflect.String:
		switch n.Kind {
		case String:
			v.SetString(n.String)
		case Bool, Int, Float:
			return fmt.Sprintf("expected text, got %s (in quotes it would be text: %s)", n.Describe(), quote(n.written()))
		default:
			return "expected text, got " + n.Describe()
		}
	default:
		panic(fmt.Sprintf("spec.Decode: a field of type %s is not supported", v.Type()))
	}
	return ""
}

func setInt(n Node, v reflect.Value) string {
	switch {
	case n.Kind == Float && n.Float == math.Trunc(n.Float) && math.Abs(n.Float) < 1<<53:
		whole := strconv.FormatFloat(n.Float, 'f', 0, 64)
		return fmt.Sprintf("expected a whole number, got %s: write %s", n.Describe(), whole)
	case n.Kind == Float && intText.MatchString(n.String), n.Kind == Int && v.OverflowInt(n.Int):
		return n.Describe() + " is too large"
	case n.Kind != Int:
		return "expected a whole number, got " + n.Describe()
	}
	v.SetInt(n.Int)
	return ""
}

func setFloat(n Node, v reflect.Value) string {
	x := n.Float
	switch {
	case n.Kind == Int:
		x = float64(n.Int)
	case n.Kind != Float:
		return "expected a number, got " + n.Describe()
	}
	if math.IsNaN(x) || math.IsInf(x, 0) || v.OverflowFloat(x) {
		return "expected a finite number, got " + n.Describe()
	}
	v.SetFloat(x)
	return ""
}

// inside names the place of a key: "init.weights", "layers[3] conv2d: kernel".
func inside(where, key string) string {
	switch {
	case where == "":
		return key
	case strings.Contains(where, " "):
		return where + ": " + key
	}
	return where + "." + key
}
