package spec

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Argument is one key of a kind's arguments, for people to read.
type Argument struct {
	Name     string
	Required bool
	Default  string // as a file would say it; "" where there is none
}

// Arguments lists the keys of an argument struct with their defaults, in its order. args is a
// pointer to the struct, as for [Decode].
func Arguments(args any) ([]Argument, error) {
	var all []Argument
	for _, f := range fields(reflect.ValueOf(args).Elem()) {
		a := Argument{Name: f.name, Required: f.required}
		if !f.required && !(f.optional && f.value.IsZero()) {
			text, err := json.Marshal(f.value.Interface())
			if err != nil {
				return nil, fmt.Errorf("default of %s: %w", f.name, err)
			}
			a.Default = strings.Trim(string(text), `"`)
		}
		all = append(all, a)
	}
	return all, nil
}
