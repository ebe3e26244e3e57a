package spec

import (
	"encoding/json"
	"reflect"

	"github.com/invopop/jsonschema"
)

// Pair is a height and a width in pixels: a kernel, a stride, a window. In a file "3" means
// [3, 3]. The bounds of its field hold for both, and the least is 1 unless they say more.
type Pair [2]int

// DecodeNode reads "3" and "[h, w]".
func (p *Pair) DecodeNode(n Node, where string) Faults {
	sides := []Node{n}
	if n.Kind == List {
		if sides = n.List; len(sides) != 2 {
			return n.Pos.fault(where, "expected one whole number or [height, width], got a list of %d", len(sides))
		}
	}
	var faults Faults
	for i, side := range sides {
		if side.Kind != Int {
			faults = append(faults,
				side.Pos.fault(where, "expected a whole number or [height, width], got %s", side.Describe())...)
		} else if message := setInt(side, reflect.ValueOf(&p[i]).Elem()); message != "" {
			faults = append(faults, side.Pos.fault(where, "%s", message)...)
		}
	}
	if n.Kind != List {
		p[1] = p[0]
	}
	return faults
}

// value is one number for a square.
func (p Pair) value() any {
	if p[0] == p[1] {
		return p[0]
	}
	return p[:]
}

// Node is the shorter of both forms.
func (p Pair) Node() Node { return nodeOf(p.value()) }

// MarshalJSON writes the shorter of both forms.
func (p Pair) MarshalJSON() ([]byte, error) { return json.Marshal(p.value()) }

// JSONSchema describes both forms.
func (Pair) JSONSchema() *jsonschema.Schema {
	side := func() *jsonschema.Schema { return &jsonschema.Schema{Type: "integer"} }
	two := uint64(2)
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{
		side(),
		{Type: "array", Items: side(), MinItems: &two, MaxItems: &two},
	}}
}
