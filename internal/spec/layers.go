package spec

import (
	"fmt"

	"github.com/invopop/jsonschema"
)

// Layers is a list of layers. Where a file says "repeat: {times: 3, layers: [...]}", the list
// holds those layers three times, so nothing else ever meets a repeat.
type Layers []Item

// repeat is the arguments of a repeat.
type repeat struct {
	Times  int    `json:"times" jsonschema:"required,minimum=1,maximum=10000,description=How many times."`
	Layers Layers `json:"layers" jsonschema:"required,minItems=1,description=What is repeated; a repeat may hold another."`
}

const repeatKind = "repeat"

// RepeatKind describes repeat beside the kinds of layers.
func RepeatKind() KindSchema {
	return KindSchema{
		Name: repeatKind,
		Doc:  "Its layers, so many times over. It is no layer itself: a file that writes them out is the same experiment.",
		Args: &repeat{},
	}
}

// JSONSchema describes the list to an editor.
func (Layers) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Ref: "#/$defs/layer"}}
}

// Node is the list as a file writes it.
func (l Layers) Node() Node {
	n := Node{Kind: List}
	for _, it := range l {
		n.List = append(n.List, it.Node())
	}
	return n
}

// DecodeNode reads a list and writes out each repeat in it. A repeated layer keeps its place in
// the file: "layers[2] repeat: layers[0]".
func (l *Layers) DecodeNode(n Node, where string) Faults {
	if n.Kind != List {
		return n.Pos.fault(where, "expected a list, got %s", n.Describe())
	}
	if size := measure(n); size.overflow != nil {
		return size.overflow.fault(where, "this repeat makes the file hold more than %d values or %d bytes",
			ofFile.values, ofFile.bytes)
	}
	*l = make(Layers, 0, len(n.List))
	var faults Faults
	for i, entry := range n.List {
		var it Item
		where := fmt.Sprintf("%s[%d]", where, i)
		faults = append(faults, it.DecodeNode(entry, where)...)
		if it.Kind != repeatKind {
			*l = append(*l, it)
			continue
		}
		var r repeat
		more := Decode(it.Args, &r, where+" "+repeatKind)
		if len(more) > 0 {
			r.Times = 1 // it may be any number
		}
		for range r.Times {
			*l = append(*l, r.Layers...)
		}
		faults = append(faults, more...)
	}
	return faults
}

// extent is the size of a tree with its repeats written out.
type extent struct {
	nodes, bytes, levels int
	overflow             *Pos // of the first repeat with which it is larger than a file may be
}

func measure(n Node) extent {
	var size extent
	size.add(n, 1, 1, Pos{})
	return size
}

// add counts a tree at a level as often as the repeat at pos makes it.
func (x *extent) add(n Node, level, times int, pos Pos) {
	x.nodes += times
	x.bytes += times * len(n.String)
	x.levels = max(x.levels, level)
	if times > 1 && (x.nodes > ofFile.values || x.bytes > ofFile.bytes) && x.overflow == nil {
		x.overflow = &pos
	}
	if x.overflow != nil {
		return
	}
	for _, e := range n.Map {
		x.bytes += times * len(e.Key)
		x.add(e.Value, level+1, times, pos)
	}
	for _, child := range n.List {
		if len(child.Map) != 1 || child.Map[0].Key != repeatKind {
			x.add(child, level+1, times, pos)
			continue
		}
		args, most := child.Map[0].Value, int64(ofFile.values+1)
		given, _ := args.lookup("times")
		layers, _ := args.lookup("layers")
		x.levels = max(x.levels, level+2)
		x.add(layers, level+3, int(min(int64(times)*max(min(given.Int, most), 1), most)), child.Map[0].KeyPos)
	}
}
