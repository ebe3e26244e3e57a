package spec

import (
	"fmt"

	"github.com/invopop/jsonschema"
)

// Layers is a list of layers. Where a file says "repeat: {times: 3, layers: [...]}", the list
// holds those layers three times, so that nothing else ever meets a repeat.
type Layers []Item

// repeat is the arguments of a repeat.
type repeat struct {
	Times  int    `json:"times" jsonschema:"required,minimum=1,maximum=10000" jsonschema_description:"How many times."`
	Layers Layers `json:"layers" jsonschema:"required,minItems=1" jsonschema_description:"What is repeated; a repeat may hold another."`
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

// node is the list as it is written.
func (l Layers) node() Node {
	n := Node{Kind: List}
	for _, it := range l {
		n.List = append(n.List, it.node())
	}
	return n
}

// DecodeNode reads a list and, for each repeat in it, what that stands for. A repeated layer
// keeps the place that it has in the file: "layers[2] repeat: layers[0]".
func (l *Layers) DecodeNode(n Node, where string) Faults {
	if n.Kind != List {
		return Faults{{n.Pos, where + ": expected a list, got " + describe(n)}}
	}
	if size := repeatedSize(n); size.overflow != nil {
		return Faults{{*size.overflow, fmt.Sprintf("%s: this repeat makes the file hold more than %d values or %d bytes",
			where, ofFile.values, ofFile.bytes)}}
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

// repeated is the size of a tree in which each repeat stands for what it repeats.
type repeated struct {
	nodes, bytes int
	overflow     *Pos // of the first repeat with which it is larger than a file may be
}

func repeatedSize(n Node) repeated {
	var size repeated
	size.add(n, 1, Pos{})
	return size
}

// add counts a tree that is there so many times, because of the repeat at pos.
func (r *repeated) add(n Node, times int, pos Pos) {
	r.nodes += times
	r.bytes += times * len(n.String)
	if times > 1 && (r.nodes > ofFile.values || r.bytes > ofFile.bytes) && r.overflow == nil {
		r.overflow = &pos
	}
	if r.overflow != nil {
		return
	}
	for _, e := range n.Map {
		r.bytes += times * len(e.Key)
		r.add(e.Value, times, pos)
	}
	for _, child := range n.List {
		if len(child.Map) != 1 || child.Map[0].Key != repeatKind {
			r.add(child, times, pos)
			continue
		}
		args, most := child.Map[0].Value, int64(ofFile.values+1)
		given, _ := args.lookup("times")
		layers, _ := args.lookup("layers")
		r.add(layers, int(min(int64(times)*max(min(given.Int, most), 1), most)), child.Map[0].KeyPos)
	}
}
