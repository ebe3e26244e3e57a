package spec

// Item is a choice among kinds, with its arguments: a dataset, a layer, an optimizer, an
// initialiser. It is written "kind", "kind: {arguments}" or "kind: scalar".
type Item struct {
	Kind  string
	Pos   Pos    // of the kind's word
	Where string // in messages: "optimizer", "layers[3]"; "" for a default
	Args  Node   // Null when there are none
}

// DecodeNode reads an item in any of its three forms.
func (it *Item) DecodeNode(n Node, where string) Faults {
	switch {
	case n.Kind == String && n.String != "":
		*it = Item{Kind: n.String, Pos: n.Pos, Where: where, Args: Node{Pos: n.Pos}}
		return nil
	case n.Kind != Map:
		return n.Pos.fault(where,
			`expected a kind ("name") or a kind with arguments ("name: {key: value}"), got %s`, n.Describe())
	case len(n.Map) == 0:
		return n.Pos.fault(where, "expected a kind, got an empty map")
	}
	first := n.Map[0]
	if len(n.Map) == 1 {
		*it = Item{Kind: first.Key, Pos: first.KeyPos, Where: where, Args: first.Value}
		return nil
	}
	kind, second := short(first.Key), n.Map[1]
	if first.Value.Kind == Null { // the commonest slip
		return second.KeyPos.fault(where, "%s belongs to %s: indent it more, or write %s: {%s: ...}",
			quote(second.Key), kind, kind, short(second.Key))
	}
	return second.KeyPos.fault(where,
		"expected one kind, got %s and %s as well: arguments go into braces, as in %s: {key: value}",
		quote(first.Key), quote(second.Key), kind)
}

// Node is the item as a file writes it: the kind, or a map from it to its arguments.
func (it Item) Node() Node {
	if it.Args.Kind == Null {
		return Node{Pos: it.Pos, Kind: String, String: it.Kind}
	}
	return Node{Pos: it.Pos, Kind: Map, Map: []Entry{{it.Kind, it.Pos, it.Args}}}
}

// Resolve returns the item with the decoded arguments, defaults filled in, in the order of the
// struct's fields: what is stored and hashed. An argument that a later version adds with
// omitempty, its zero value meaning today's behaviour, leaves old hashes alone.
func (it Item) Resolve(args any) Item {
	it.Args = nodeOf(args).moved(it.Pos)
	if it.Args.Kind == Map && len(it.Args.Map) == 0 {
		it.Args = Node{Pos: it.Pos}
	}
	return it
}

// ArgsText writes an item's arguments on one line: "filters: 32, kernel: 7".
func (it Item) ArgsText() string {
	switch text := flow(it.Args); it.Args.Kind {
	case Null:
		return ""
	case Map:
		return text[1 : len(text)-1]
	default:
		return text
	}
}
