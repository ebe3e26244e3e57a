package spec

import (
	"reflect"
	"slices"
	"strings"
)

// identity says when a key belongs to a run's identity, which names what the run computes.
type identity string

const (
	never         identity = "never" // it cannot change a result
	always        identity = "always"
	inSingleBatch identity = "single-batch" // in single-batch mode alone
	ofSeed        identity = "seed"         // to a run's identity, not to that of its group of seeds
)

// key is one key of an experiment, a row of the table that [Experiment]'s fields are.
type key struct {
	field
	path     string // init.weights
	identity identity
	kinds    string // of an item: the name of its kinds in the schema
}

// keys are the keys of the experiment, with its values, in the order of the fields.
func (e *Experiment) keys() []key { return keysOf(reflect.ValueOf(e).Elem(), "") }

func keysOf(v reflect.Value, prefix string) []key {
	var all []key
	for _, f := range fields(v) {
		k := key{f, prefix + f.name, identity(f.tag.Get("identity")), f.tag.Get("kinds")}
		if k.identity == "" { // keys inside this one have it
			all = append(all, keysOf(f.value, k.path+".")...)
			continue
		}
		all = append(all, k)
	}
	return all
}

// identifies reports whether the key belongs to the identity of a run in a mode or, without the
// seed, of its group of seeds.
func (k key) identifies(mode Mode, withSeed bool) bool {
	switch k.identity {
	case inSingleBatch:
		return mode == SingleBatch
	case ofSeed:
		return withSeed
	}
	return k.identity != never
}

// node is the key's value as a tree.
func (k key) node() Node { return nodeOf(k.value.Interface()) }

// choosesKind reports whether the value at a path outside of layers is an item.
func choosesKind(path string) bool {
	return slices.ContainsFunc(new(Experiment).keys(), func(k key) bool { return k.path == path && k.kinds != "" })
}

// Keys describes the keys of an experiment, in their order.
func Keys() []Key {
	var all []Key
	for _, k := range defaults().keys() {
		one := Key{Path: k.path, Required: k.required, Doc: docs[k.path]}
		if !k.required && !k.absent() {
			one.Default = strings.Trim(flow(k.node()), `"`)
		}
		all = append(all, one)
	}
	return all
}
