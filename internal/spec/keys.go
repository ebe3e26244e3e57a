package spec

import (
	"fmt"
	"reflect"
	"strings"
)

// identity says when a key belongs to a run's identity, which names what the run computes.
type identity string

const (
	never         identity = "never"        // it cannot change a result
	always        identity = "always"       //
	inSingleBatch identity = "single-batch" // in single-batch mode alone
	ofSeed        identity = "seed"         // always, but not to the identity of a group of seeds
)

// key is one key of an experiment, a row of the table that [Experiment]'s fields are.
type key struct {
	field
	path     string // init.weights
	identity identity
	kinds    string // of an item: the name of its kinds in the schema
	doc      string
}

// keys are the keys of the experiment, with its values, in the order of the fields.
func (e *Experiment) keys() []key { return keysOf(reflect.ValueOf(e).Elem(), "") }

func keysOf(v reflect.Value, prefix string) []key {
	var all []key
	for _, f := range fields(v) {
		k := key{
			field: f, path: prefix + f.name,
			identity: identity(f.tag.Get("identity")), kinds: f.tag.Get("kinds"), doc: f.tag.Get("jsonschema_description"),
		}
		if k.identity == "" { // keys inside this one have it
			all = append(all, keysOf(f.value, k.path+".")...)
			continue
		}
		all = append(all, k)
	}
	return all
}

// absent tells whether the key stands for nothing: what a version without it does.
func (k key) absent() bool { return k.optional && k.value.IsZero() }

// identifies tells whether the key belongs to the identity of a run in a mode, or to that of
// the group of runs that differ in their seed alone.
func (k key) identifies(mode Mode, withSeed bool) bool {
	switch k.identity {
	case never:
		return false
	case inSingleBatch:
		return mode == SingleBatch
	case ofSeed:
		return withSeed
	}
	return true
}

// node is the key's value as a tree.
func (k key) node() Node {
	switch v := k.value.Interface().(type) {
	case Item:
		return v.node()
	case Layers:
		return v.node()
	case fmt.Stringer:
		return Node{Kind: String, String: v.String()}
	}
	switch k.value.Kind() {
	case reflect.Bool:
		return Node{Kind: Bool, Bool: k.value.Bool()}
	case reflect.Int, reflect.Int64:
		return Node{Kind: Int, Int: k.value.Int()}
	case reflect.Float64:
		return Node{Kind: Float, Float: k.value.Float()}
	}
	return Node{Kind: String, String: k.value.String()}
}

// node is the item as it is written: the kind, or a map from it to its arguments.
func (it Item) node() Node {
	if it.Args.Kind == Null {
		return Node{Pos: it.Pos, Kind: String, String: it.Kind}
	}
	return Node{Pos: it.Pos, Kind: Map, Map: []Entry{{it.Kind, it.Pos, it.Args}}}
}

// choosesKind tells the paths outside of layers whose value is an item.
func choosesKind(path string) bool {
	for _, k := range new(Experiment).keys() {
		if k.path == path {
			return k.value.Type() == reflect.TypeFor[Item]()
		}
	}
	return false
}

// Key describes a key of an experiment file to people.
type Key struct {
	Path     string // init.weights
	Default  string // as a file would say it; "" where there is none
	Required bool
	Doc      string
}

// Keys describes the keys of an experiment, in their order.
func Keys() []Key {
	var all []Key
	for _, k := range defaults().keys() {
		one := Key{Path: k.path, Required: k.required, Doc: k.doc}
		if !k.required && !k.absent() {
			one.Default = strings.Trim(flow(k.node()), `"`)
		}
		all = append(all, one)
	}
	return all
}
