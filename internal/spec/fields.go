package spec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// field is one key of an argument struct: its value and the rules of its tags.
type field struct {
	name     string
	value    reflect.Value
	tag      reflect.StructTag
	required bool
	optional bool // omitempty: a zero value means not given
	bounds   []bound
	enum     []string
	minItems int
}

// bound is a limit of a number.
type bound struct {
	keyword string // of boundKinds
	text    string // the limit, as the tag writes it
	limit   float64
}

var boundKinds = map[string]struct {
	words string
	holds func(x, limit float64) bool
}{
	"minimum":          {"at least ", func(x, limit float64) bool { return x >= limit }},
	"maximum":          {"at most ", func(x, limit float64) bool { return x <= limit }},
	"exclusiveMinimum": {"greater than ", func(x, limit float64) bool { return x > limit }},
	"exclusiveMaximum": {"less than ", func(x, limit float64) bool { return x < limit }},
}

// words is the bound in a message: "at least 1".
func (b bound) words() string { return boundKinds[b.keyword].words + b.text }

// fields lists the keys of a struct in order, with those of embedded structs.
func fields(v reflect.Value) []field {
	var all []field
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			all = append(all, fields(v.Field(i))...)
		case f.IsExported() && name != "" && name != "-":
			one := field{name: name, value: v.Field(i), tag: f.Tag, optional: options == "omitempty"}
			one.readRules()
			all = append(all, one)
		}
	}
	return all
}

// readRules reads the keywords of the jsonschema tag that Decode checks. A wrong tag is a
// mistake in the program, found by the first test that decodes the struct.
func (f *field) readRules() {
	for rule := range strings.SplitSeq(f.tag.Get("jsonschema"), ",") {
		keyword, text, _ := strings.Cut(rule, "=")
		number := func() float64 {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				panic(fmt.Sprintf("spec: key %s: jsonschema:%q is not a number", f.name, rule))
			}
			return x
		}
		switch keyword {
		case "required":
			f.required = true
		case "enum":
			f.enum = append(f.enum, text)
		case "minItems":
			f.minItems = int(number())
		default:
			if _, known := boundKinds[keyword]; known {
				f.bounds = append(f.bounds, bound{keyword, text, number()})
			}
		}
	}
	if f.isPair() && !slices.ContainsFunc(f.bounds, func(b bound) bool { return b.keyword == "minimum" }) {
		f.bounds = slices.Insert(f.bounds, 0, bound{"minimum", "1", 1})
	}
}

func (f *field) isPair() bool {
	t := f.value.Type()
	return t == reflect.TypeFor[Pair]() || t == reflect.TypeFor[*Pair]()
}

// absent reports whether the key is optional and not given.
func (f *field) absent() bool {
	empty := f.value.Kind() == reflect.Slice && f.value.Len() == 0
	return f.optional && (empty || f.value.IsZero())
}

// decode decodes the key's value and, when it has the right type, checks the rules.
func (f *field) decode(n Node, where string) Faults {
	if faults := decode(n, f.value, where); len(faults) > 0 {
		return faults
	}
	if message := f.check(reflect.Indirect(f.value)); message != "" {
		return n.Pos.fault(where, "%s", message)
	}
	return nil
}

// check returns which rule a value breaks, or "".
func (f *field) check(v reflect.Value) string {
	switch {
	case v.Kind() == reflect.Array: // a pair: the message gives all bounds
		for i := range v.Len() {
			if f.check(v.Index(i)) != "" {
				words := make([]string, len(f.bounds))
				for i, b := range f.bounds {
					words[i] = b.words()
				}
				return fmt.Sprintf("must be %s, got %d", strings.Join(words, " and "), v.Index(i).Int())
			}
		}
	case v.Kind() == reflect.Slice && v.Len() < f.minItems:
		return fmt.Sprintf("needs at least %d, got %d", f.minItems, v.Len())
	case v.Kind() == reflect.String && len(f.enum) > 0 && !slices.Contains(f.enum, v.String()):
		return unknown("value", v.String(), f.enum)
	case v.CanFloat():
		return f.checkBounds(v.Float(), formatFloat(v.Float()))
	case v.CanInt():
		return f.checkBounds(float64(v.Int()), strconv.FormatInt(v.Int(), 10))
	}
	return ""
}

func (f *field) checkBounds(x float64, text string) string {
	for _, b := range f.bounds {
		if !boundKinds[b.keyword].holds(x, b.limit) {
			return fmt.Sprintf("must be %s, got %s", b.words(), text)
		}
	}
	return ""
}

// Key describes a key of an experiment file, or of a kind's arguments.
type Key struct {
	Path     string // init.weights
	Default  string // as a file writes it; "" where there is none
	Required bool
	Doc      string // of a key of an experiment
}

// Arguments lists the keys of an argument struct in its order. args is a pointer to the struct
// with its defaults, as for [Decode].
func Arguments(args any) ([]Key, error) {
	var all []Key
	for _, f := range fields(reflect.ValueOf(args).Elem()) {
		k := Key{Path: f.name, Required: f.required}
		if !f.required && !f.absent() {
			text, err := json.Marshal(f.value.Interface())
			if err != nil {
				return nil, fmt.Errorf("default of %s: %w", f.name, err)
			}
			k.Default = strings.Trim(string(text), `"`)
		}
		all = append(all, k)
	}
	return all, nil
}
