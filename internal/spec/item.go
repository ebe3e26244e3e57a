package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// DecodeNode reads an item in any of its three forms.
func (it *Item) DecodeNode(n Node, where string) Faults {
	fault := func(pos Pos, message string) Faults {
		return Faults{{pos, where + ": " + message}}
	}
	switch {
	case n.Kind == String && n.String != "":
		*it = Item{Kind: n.String, Pos: n.Pos, Where: where, Args: Node{Pos: n.Pos}}
		return nil
	case n.Kind == Map && len(n.Map) == 1:
		e := n.Map[0]
		*it = Item{Kind: e.Key, Pos: e.KeyPos, Where: where, Args: e.Value}
		return nil
	case n.Kind == Map && len(n.Map) == 0:
		return fault(n.Pos, "expected a kind, got an empty map")
	case n.Kind == Map && n.Map[0].Value.Kind == Null:
		// The commonest slip: arguments that are not indented below their kind.
		kind, stray := short(n.Map[0].Key), n.Map[1]
		return fault(stray.KeyPos, fmt.Sprintf("%s belongs to %s: indent it more, or write %s: {%s: ...}",
			quote(stray.Key), kind, kind, short(stray.Key)))
	case n.Kind == Map:
		return fault(n.Map[1].KeyPos, fmt.Sprintf("expected one kind, got %s and %s as well: arguments go into braces, as in %s: {key: value}",
			quote(n.Map[0].Key), quote(n.Map[1].Key), short(n.Map[0].Key)))
	}
	return fault(n.Pos, `expected a kind ("name") or a kind with arguments ("name: {key: value}"), got `+describe(n))
}

// Resolve is the item with the decoded arguments, defaults filled in, as its own, in the
// order of the struct's fields: what is stored and hashed. An argument that a later version
// adds with omitempty, its zero value meaning today's behaviour, leaves old hashes alone.
func (it Item) Resolve(args any) (Item, error) {
	text, err := json.Marshal(args)
	if err != nil {
		return Item{}, fmt.Errorf("arguments of %s: %w", it.Kind, err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	it.Args, err = fromJSON(decoder, it.Pos)
	if err != nil {
		return Item{}, fmt.Errorf("arguments of %s: %w", it.Kind, err)
	}
	if it.Args.Kind == Map && len(it.Args.Map) == 0 {
		it.Args = Node{Pos: it.Pos}
	}
	return it, nil
}

// fromJSON reads one JSON value as a Node; a map keeps the order of its keys.
func fromJSON(d *json.Decoder, pos Pos) (Node, error) {
	t, err := d.Token()
	if err != nil {
		return Node{}, err
	}
	n := Node{Pos: pos}
	switch t := t.(type) {
	case bool:
		n.Kind, n.Bool = Bool, t
	case string:
		n.Kind, n.String = String, t
	case json.Number:
		if i, err := strconv.ParseInt(t.String(), 10, 64); err == nil {
			n.Kind, n.Int = Int, i
			return n, nil
		}
		n.Kind = Float
		n.Float, err = t.Float64()
		return n, err
	case json.Delim:
		return fromJSONParts(d, n, t)
	}
	return n, nil
}

// fromJSONParts reads what stands between the brackets that t opens.
func fromJSONParts(d *json.Decoder, n Node, t json.Delim) (Node, error) {
	n.Kind = List
	if t == '{' {
		n.Kind = Map
	}
	for d.More() {
		var key string
		if n.Kind == Map {
			t, err := d.Token()
			if err != nil {
				return Node{}, err
			}
			key = t.(string) // what else the decoder finds there is an error to it
		}
		value, err := fromJSON(d, n.Pos)
		if err != nil {
			return Node{}, err
		}
		if n.Kind == Map {
			n.Map = append(n.Map, Entry{key, n.Pos, value})
		} else {
			n.List = append(n.List, value)
		}
	}
	_, err := d.Token() // the closing bracket
	return n, err
}
