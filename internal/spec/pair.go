package spec

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/invopop/jsonschema"
)

// Pair is a height and a width in pixels: a kernel, a stride, a window. In a file "3" means
// [3, 3]. The bounds of its field hold for each of them, and the least is 1 unless they say more.
type Pair [2]int

// DecodeNode reads "3" and "[h, w]".
func (p *Pair) DecodeNode(n Node, where string) Faults {
	sides := []Node{n, n}
	if n.Kind == List {
		sides = n.List
	}
	if len(sides) != 2 {
		return Faults{{n.Pos, fmt.Sprintf("%s: expected one whole number or [height, width], got a list of %d", where, len(sides))}}
	}
	var faults Faults
	for i, side := range sides {
		if side.Kind != Int {
			faults = append(faults, Fault{side.Pos, where + ": expected a whole number or [height, width], got " + describe(side)})
		} else if message := setInt(side, reflect.ValueOf(&p[i]).Elem()); message != "" {
			faults = append(faults, Fault{side.Pos, where + ": " + message})
		}
		if n.Kind != List {
			break // one number, one fault
		}
	}
	if n.Kind != List {
		p[1] = p[0]
	}
	return faults
}

// MarshalJSON writes a square as one number.
func (p Pair) MarshalJSON() ([]byte, error) {
	if p[0] == p[1] {
		return json.Marshal(p[0])
	}
	return json.Marshal([2]int(p))
}

// JSONSchema describes both forms.
func (Pair) JSONSchema() *jsonschema.Schema {
	side := func() *jsonschema.Schema { return &jsonschema.Schema{Type: "integer"} }
	two := uint64(2)
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{
		side(),
		{Type: "array", Items: side(), MinItems: &two, MaxItems: &two},
	}}
}
