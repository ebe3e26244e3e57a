package spec

import (
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
	required bool
	optional bool // omitempty: a zero value means not given
	tag      reflect.StructTag
	bounds   []bound
	enum     []string
	minItems int
}

// bound is a limit of a number.
type bound struct {
	keyword string // "minimum", ...
	text    string // the limit, as the tag writes it
	limit   float64
}

// words is the bound in a message: "at least 1".
func (b bound) words() string {
	return map[string]string{
		"minimum":          "at least ",
		"maximum":          "at most ",
		"exclusiveMinimum": "greater than ",
		"exclusiveMaximum": "less than ",
	}[b.keyword] + b.text
}

func (b bound) holds(x float64) bool {
	switch b.keyword {
	case "minimum":
		return x >= b.limit
	case "maximum":
		return x <= b.limit
	case "exclusiveMinimum":
		return x > b.limit
	}
	return x < b.limit
}

// fields lists the keys of a struct in order; an embedded struct's keys are its own.
func fields(v reflect.Value) []field {
	var all []field
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			all = append(all, fields(v.Field(i))...)
		case f.IsExported() && name != "" && name != "-":
			one := field{name: name, value: v.Field(i), tag: f.Tag}
			one.optional = slices.Contains(strings.Split(options, ","), "omitempty")
			one.rules(f)
			all = append(all, one)
		}
	}
	return all
}

// rules reads those keywords of the jsonschema tag that Decode checks. A wrong tag is a
// mistake in the program, found by the first test that decodes the struct.
func (f *field) rules(in reflect.StructField) {
	for _, rule := range strings.Split(in.Tag.Get("jsonschema"), ",") {
		keyword, text, _ := strings.Cut(rule, "=")
		number := func() float64 {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				panic(fmt.Sprintf("spec: field %s: jsonschema:%q is no number", in.Name, rule))
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
		case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
			f.bounds = append(f.bounds, bound{keyword, text, number()})
		}
	}
	if f.isPair() && !slices.ContainsFunc(f.bounds, func(b bound) bool { return b.keyword == "minimum" }) {
		f.bounds = append([]bound{{"minimum", "1", 1}}, f.bounds...) // a side of nothing is none
	}
}

func (f *field) isPair() bool {
	t := f.value.Type()
	return t == reflect.TypeFor[Pair]() || t == reflect.TypeFor[*Pair]()
}

// check holds a decoded value against the field's rules and returns what is wrong, or "".
func (f *field) check(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Array: // a pair, of which the whole range is told
		for i := range v.Len() {
			if f.check(v.Index(i)) != "" {
				return fmt.Sprintf("must be %s, got %d", f.rangeWords(), v.Index(i).Int())
			}
		}
	case reflect.Slice:
		if v.Len() < f.minItems {
			return fmt.Sprintf("needs at least %d, got %d", f.minItems, v.Len())
		}
	case reflect.String:
		if text := v.String(); len(f.enum) > 0 && !slices.Contains(f.enum, text) {
			return unknown("value", text, f.enum)
		}
	case reflect.Float32, reflect.Float64:
		return f.checkBounds(v.Float(), formatFloat(v.Float()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return f.checkBounds(float64(v.Int()), strconv.FormatInt(v.Int(), 10))
	}
	return ""
}

// rangeWords is all bounds in a message: "at least 1 and at most 1024".
func (f *field) rangeWords() string {
	words := make([]string, len(f.bounds))
	for i, b := range f.bounds {
		words[i] = b.words()
	}
	return strings.Join(words, " and ")
}

func (f *field) checkBounds(x float64, text string) string {
	for _, b := range f.bounds {
		if !b.holds(x) {
			return fmt.Sprintf("must be %s, got %s", b.words(), text)
		}
	}
	return ""
}
