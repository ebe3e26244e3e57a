package spec

import (
	"encoding"
	"math"
	"reflect"
	"slices"
	"strconv"
)

// NodeKind is the type of a [Node], as in YAML's core schema.
type NodeKind uint8

const (
	Null NodeKind = iota
	Bool
	Int
	Float
	String
	List
	Map
)

// Node is a YAML value with its position. The field named after Kind holds the value. String
// also holds the text of a Bool, Int or Float that a file wrote. The zero Node is a Null.
type Node struct {
	Pos    Pos
	Kind   NodeKind
	Bool   bool
	Int    int64
	Float  float64
	String string
	List   []Node
	Map    []Entry // in the order of the file, keys unique
}

// Entry is one key of a map, its position and its value.
type Entry struct {
	Key    string
	KeyPos Pos
	Value  Node
}

// find is the index of a map's key, or -1.
func (n Node) find(key string) int {
	return slices.IndexFunc(n.Map, func(e Entry) bool { return e.Key == key })
}

// lookup is the value of a map's key.
func (n Node) lookup(key string) (value Node, given bool) {
	if i := n.find(key); i >= 0 {
		return n.Map[i].Value, true
	}
	return Node{}, false
}

// without returns the map without a key.
func (n Node) without(key string) Node {
	n.Map = slices.DeleteFunc(slices.Clone(n.Map), func(e Entry) bool { return e.Key == key })
	return n
}

// moved returns the tree with all of it at one position, that of the option it came from.
func (n Node) moved(pos Pos) Node {
	n.Pos, n.List, n.Map = pos, slices.Clone(n.List), slices.Clone(n.Map)
	for i, child := range n.List {
		n.List[i] = child.moved(pos)
	}
	for i, e := range n.Map {
		n.Map[i] = Entry{e.Key, pos, e.Value.moved(pos)}
	}
	return n
}

// nodeOf is a decoded value as a file would write it, or Null for nil. The value, or a part of
// it, may write itself with a method Node.
func nodeOf(value any) Node {
	v := reflect.ValueOf(value)
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return Node{}
	}
	v = reflect.Indirect(v)
	switch own := v.Interface().(type) {
	case interface{ Node() Node }:
		return own.Node()
	case encoding.TextMarshaler:
		if text, err := own.MarshalText(); err == nil {
			return Node{Kind: String, String: string(text)}
		}
	}
	switch {
	case v.Kind() == reflect.Struct:
		n := Node{Kind: Map}
		for _, f := range fields(v) {
			if !f.absent() {
				n.Map = append(n.Map, Entry{Key: f.name, Value: nodeOf(f.value.Interface())})
			}
		}
		return n
	case v.Kind() == reflect.Slice:
		n := Node{Kind: List}
		for i := range v.Len() {
			n.List = append(n.List, nodeOf(v.Index(i).Interface()))
		}
		return n
	case v.Kind() == reflect.Bool:
		return Node{Kind: Bool, Bool: v.Bool()}
	case v.CanInt():
		return Node{Kind: Int, Int: v.Int()}
	case v.CanFloat():
		x := v.Float()
		if x == math.Trunc(x) && math.Abs(x) < 1<<63 {
			return Node{Kind: Int, Int: int64(x)}
		}
		return Node{Kind: Float, Float: x}
	}
	return Node{Kind: String, String: v.String()}
}

// written is a scalar's text: as written, or else the shortest.
func (n Node) written() string {
	if n.String != "" || n.Kind == String {
		return n.String
	}
	switch n.Kind {
	case Bool:
		return strconv.FormatBool(n.Bool)
	case Int:
		return strconv.FormatInt(n.Int, 10)
	case Float:
		return formatFloat(n.Float)
	}
	return "null"
}

// formatFloat is the shortest text that reads back as the same number.
func formatFloat(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// Describe says what a node holds, for messages of the form "expected ..., got ...".
func (n Node) Describe() string {
	switch n.Kind {
	case Bool:
		return n.written()
	case Int, Float:
		return "the number " + short(n.written())
	case String:
		return "the text " + quote(n.String)
	case List:
		if len(n.List) == 0 {
			return "an empty list"
		}
		return "a list"
	case Map:
		return "a map of keys"
	}
	return "nothing"
}
