package spec

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// NodeDecoder is a type with a syntax of its own, such as [Pair]. DecodeNode gets the node
// of its value and the words that name its place, to begin a message with: "layers[3]
// conv2d: stride". It leaves what it finds wrong to the faults that it returns.
type NodeDecoder interface {
	DecodeNode(n Node, where string) Faults
}

// Decode fills the struct that into points to from a map, or from Null, where nothing was
// given. Values already in the struct are the defaults. It reports every fault: unknown and
// missing keys, wrong types, values out of bounds; where ("layers[3] conv2d") begins their
// messages.
//
// A field takes part under the name of its json tag. Its jsonschema tag, which also makes
// the schema, gives the rules: required, minimum=, maximum=, exclusiveMinimum=,
// exclusiveMaximum=, enum=a,enum=b and minItems=. A field is a bool, string, int, float,
// struct, a type that implements [NodeDecoder], a slice of these, or a pointer to one of
// these: nil when not given.
//
// When into itself is a NodeDecoder, Decode leaves the node to it. Such a struct decodes its
// keys with Decode through a type without that method: type keys T; Decode(n, (*keys)(t), where).
func Decode(n Node, into any, where string) Faults {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		panic(fmt.Sprintf("spec.Decode: into is %T, not a pointer to a struct", into))
	}
	d := decoder{}
	d.value(n, v.Elem(), where)
	return d.faults
}

type decoder struct {
	incomplete bool // missing keys are no faults: the file is for others to extend
	faults     Faults
}

func (d *decoder) fault(pos Pos, where, message string) {
	if where != "" {
		message = where + ": " + message
	}
	d.faults = append(d.faults, Fault{pos, message})
}

// structure decodes the keys of a map into a struct.
func (d *decoder) structure(n Node, v reflect.Value, where string) {
	if n.Kind != Map && n.Kind != Null {
		d.fault(n.Pos, where, "expected keys and values, got "+describe(n))
		return
	}
	known := fields(v)
	names := make([]string, len(known))
	for i, f := range known {
		names[i] = f.name
	}
	misspelt := map[string]bool{} // the keys that unknown ones are suggested to mean
	for _, e := range n.Map {
		if !slices.Contains(names, e.Key) {
			d.fault(e.KeyPos, where, unknown("key", e.Key, names))
			misspelt[Suggest(e.Key, names)] = true
		}
	}
	for _, f := range known {
		value, given := n.lookup(f.name)
		if given && value.Kind != Null {
			d.field(value, f, inside(where, f.name))
		} else if f.required && !misspelt[f.name] && !d.incomplete {
			pos := n.Pos
			if given {
				pos = value.Pos
			}
			d.fault(pos, where, "the key "+quote(f.name)+" is missing")
		}
	}
}

// field decodes one value and, when it has the right type, holds it against the rules.
func (d *decoder) field(n Node, f field, where string) {
	before := len(d.faults)
	d.value(n, f.value, where)
	if len(d.faults) > before {
		return
	}
	if message := f.check(f.value); message != "" {
		d.fault(n.Pos, where, message)
	}
}

// value decodes one value by the type of where it goes.
func (d *decoder) value(n Node, v reflect.Value, where string) {
	if own, ok := v.Addr().Interface().(NodeDecoder); ok {
		d.faults = append(d.faults, own.DecodeNode(n, where)...)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(v.Type().Elem())
		d.value(n, fresh.Elem(), where)
		v.Set(fresh)
	case reflect.Struct:
		d.structure(n, v, where)
	case reflect.Slice:
		d.list(n, v, where)
	default:
		if message := setScalar(n, v); message != "" {
			d.fault(n.Pos, where, message)
		}
	}
}

func (d *decoder) list(n Node, v reflect.Value, where string) {
	if n.Kind != List {
		d.fault(n.Pos, where, "expected a list, got "+describe(n))
		return
	}
	list := reflect.MakeSlice(v.Type(), len(n.List), len(n.List))
	for i, item := range n.List {
		d.value(item, list.Index(i), fmt.Sprintf("%s[%d]", where, i))
	}
	v.Set(list)
}

// setScalar stores a scalar, or tells why it does not fit.
func setScalar(n Node, v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		if n.Kind != Bool {
			return "expected true or false, got " + describe(n)
		}
		v.SetBool(n.Bool)
	case reflect.String:
		if n.Kind != String {
			hint := ""
			if n.Kind == Bool || n.Kind == Int || n.Kind == Float {
				hint = " (in quotes it would be text: " + quote(n.written()) + ")"
			}
			return "expected text, got " + describe(n) + hint
		}
		v.SetString(n.String)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return setInt(n, v)
	case reflect.Float32, reflect.Float64:
		return setFloat(n, v)
	default:
		panic(fmt.Sprintf("spec.Decode: a field of type %s is not supported", v.Type()))
	}
	return ""
}

func setInt(n Node, v reflect.Value) string {
	switch {
	case n.Kind == Float && n.Float == math.Trunc(n.Float) && math.Abs(n.Float) < 1<<53:
		return fmt.Sprintf("expected a whole number, got %s: write %s", describe(n), strconv.FormatFloat(n.Float, 'f', 0, 64))
	case n.Kind == Float && intText.MatchString(n.String), n.Kind == Int && v.OverflowInt(n.Int):
		return describe(n) + " is too large"
	case n.Kind != Int:
		return "expected a whole number, got " + describe(n)
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
		return "expected a number, got " + describe(n)
	}
	if math.IsNaN(x) || math.IsInf(x, 0) || v.OverflowFloat(x) {
		return "expected a finite number, got " + describe(n)
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
