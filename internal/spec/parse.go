package spec

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// parse turns YAML text within limits into a Node; ok is false when a fault leaves nothing to
// check. Faults of the parser come one at a time, ours (duplicate keys, tags) all at once.
func parse(file string, text []byte, most limits) (root Node, faults Faults, ok bool) {
	defer func() {
		// The parser is not ours and the text may be anything: a panic is one more fault.
		if r := recover(); r != nil {
			faults = Pos{File: file}.fault("", "not valid YAML: the parser gave up on it (%.100v)", r)
			root, ok = Node{}, false
		}
	}()
	tokens, faults := tokenize(file, text, most)
	if faults != nil {
		return Node{}, faults, false
	}
	// The parser stops at the first duplicate key; left to convert, all are reported.
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return Node{}, Faults{syntaxFault(file, err)}, false
	}
	var body ast.Node
	for _, doc := range tree.Docs {
		_, directive := doc.Body.(*ast.DirectiveNode)
		switch {
		case doc.Body == nil:
		case directive:
			const message = "directives such as %YAML are not used here: leave the line out"
			return Node{}, Faults{{nodePos(file, doc.Body), message}}, false
		case body != nil:
			const message = "a second document starts here; a file holds one experiment"
			return Node{}, Faults{{nodePos(file, doc.Body), message}}, false
		default:
			body = doc.Body
		}
	}
	if body == nil {
		return Node{}, Pos{file, 1, 1}.fault("", "the file is empty"), false
	}
	c := converter{file: file, most: most, anchors: map[string]Node{}}
	root = c.convert(body, Pos{File: file}, 1)
	return root, c.faults, !c.stop
}

// syntaxFault is the first line of the parser's message: the rest quotes the file.
func syntaxFault(file string, err error) Fault {
	e, ok := errors.AsType[yaml.Error](err)
	if !ok {
		return Fault{Pos{File: file}, "not valid YAML: " + quote(err.Error())}
	}
	message, _, _ := strings.Cut(e.GetMessage(), "\n")
	message = cut(message, 200)
	if keyWithBrackets(e.GetToken()) {
		message += `; a key with brackets needs quotes inside braces, as in {"layers[1].dense.units": [10, 20]}`
	}
	return Fault{tokenPos(file, e.GetToken()), "not valid YAML: " + message}
}

// keyWithBrackets reports whether the parser stopped, inside braces, at a key such as
// layers[1].dense (at its word) or layers[1] (at the colon). Elsewhere such keys are plain words.
func keyWithBrackets(at *token.Token) bool {
	switch {
	case at == nil:
		return false
	case at.Type == token.StringType:
		return at.Next != nil && at.Next.Type == token.SequenceStartType
	case at.Type == token.MappingValueType:
		return at.Prev != nil && at.Prev.Type == token.SequenceEndType && at.Prev.Position.Line == at.Position.Line
	}
	return false
}

// nodePos is where a person sees a node start: a block map at its first key, where the
// parser's own token is that key's colon.
func nodePos(file string, n ast.Node) Pos {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return tokenPos(file, n.Values[0].Key.GetToken())
		}
	case *ast.MappingValueNode:
		return tokenPos(file, n.Key.GetToken())
	}
	return tokenPos(file, n.GetToken())
}

// converter turns a syntax tree into Nodes: aliases and merge keys resolved, duplicate keys
// and tags reported.
type converter struct {
	file    string
	most    limits
	anchors map[string]Node
	spent   extent
	faults  Faults
	stop    bool // a fault that would make others appear
}

func (c *converter) fault(pos Pos, format string, args ...any) {
	if !c.stop {
		c.faults = append(c.faults, pos.fault("", format, args...)...)
	}
}

func (c *converter) fatal(pos Pos, format string, args ...any) Node {
	c.fault(pos, format, args...)
	c.stop = true
	return Node{Pos: pos}
}

// convert turns n, at a depth, into a Node. keyPos is the position of the key whose value n is,
// and that of a value that was left out.
func (c *converter) convert(n ast.Node, keyPos Pos, depth int) Node {
	if n == nil {
		return Node{Pos: keyPos}
	}
	pos := nodePos(c.file, n)
	if !c.spend(extent{nodes: 1, levels: 1}, depth, pos) {
		return Node{Pos: pos}
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return c.convertMap(n.Values, pos, depth)
	case *ast.MappingValueNode:
		return c.convertMap([]*ast.MappingValueNode{n}, pos, depth)
	case *ast.SequenceNode:
		list := make([]Node, 0, len(n.Values))
		for _, value := range n.Values {
			list = append(list, c.convert(value, pos, depth+1))
		}
		return Node{Pos: pos, Kind: List, List: list}
	case *ast.AnchorNode:
		value := c.convert(n.Value, pos, depth)
		c.anchors[n.Name.GetToken().Value] = value
		return value
	case *ast.AliasNode:
		name := n.Value.GetToken().Value
		value, ok := c.anchors[name]
		if !ok {
			return c.fatal(pos, "%s stands for nothing: no value above is marked %s", quote("*"+name), quote("&"+name))
		}
		if !c.spend(measure(value), depth, pos) {
			return Node{Pos: pos}
		}
		return value
	case *ast.LiteralNode:
		return Node{Pos: pos, Kind: String, String: n.Value.GetToken().Value}
	case *ast.TagNode:
		c.fault(pos, "tags such as %s are not used here: write the plain value", quote(n.GetToken().Value))
		return c.convert(n.Value, pos, depth)
	case ast.ScalarNode:
		t := n.GetToken()
		switch t.Type {
		case token.SingleQuoteType, token.DoubleQuoteType:
			return Node{Pos: pos, Kind: String, String: t.Value}
		case token.ImplicitNullType:
			return Node{Pos: keyPos}
		}
		return plain(t.Value, pos)
	}
	return c.fatal(pos, "not valid YAML: unexpected %s", n.Type())
}

// spend counts what is added to the tree at a depth, and reports whether that is allowed.
func (c *converter) spend(added extent, depth int, pos Pos) bool {
	c.spent.nodes += added.nodes
	c.spent.bytes += added.bytes
	switch {
	case c.spent.nodes > c.most.values:
		c.fatal(pos, "the file holds more than %d values (an alias counts as all that it stands for)", c.most.values)
	case c.spent.bytes > c.most.bytes:
		c.fatal(pos, "the aliases make the file larger than %d bytes", c.most.bytes)
	case depth+added.levels-1 > c.most.depth:
		c.fatal(pos, "nested more than %d levels deep", c.most.depth)
	}
	return !c.stop
}

// convertMap builds a map from its own keys and, behind them, those of its merge keys.
func (c *converter) convertMap(values []*ast.MappingValueNode, pos Pos, depth int) Node {
	m := Node{Pos: pos, Kind: Map, Map: make([]Entry, 0, len(values))}
	seen := make(map[string]Pos, len(values))
	var merged []Entry
	for _, v := range values {
		keyPos := tokenPos(c.file, v.Key.GetToken())
		if _, ok := v.Key.(*ast.MergeKeyNode); ok {
			merged = append(merged, c.mergeKey(c.convert(v.Value, keyPos, depth+1))...)
			continue
		}
		key, ok := keyText(v.Key)
		if !ok {
			return c.fatal(keyPos, "a key has to be a plain word")
		}
		value := c.convert(v.Value, keyPos, depth+1)
		if first, twice := seen[key]; twice {
			c.fault(keyPos, "the key %s is given twice; the first is in line %d", quote(key), first.Line)
			continue
		}
		seen[key] = keyPos
		m.Map = append(m.Map, Entry{key, keyPos, value})
	}
	for _, e := range merged {
		if _, given := seen[e.Key]; !given {
			seen[e.Key] = e.KeyPos
			m.Map = append(m.Map, e)
		}
	}
	return m
}

// mergeKey is the entries that "<<: value" adds, the strongest first.
func (c *converter) mergeKey(value Node) []Entry {
	maps := []Node{value}
	if value.Kind == List {
		maps = value.List
	}
	var all []Entry
	for _, n := range maps {
		if n.Kind != Map {
			c.fatal(n.Pos, "<< takes a map or a list of maps, got %s", n.Describe())
			return nil
		}
		all = append(all, n.Map...)
	}
	return all
}

// keyText is the text of a scalar key as it was written, without its quotes.
func keyText(key ast.MapKeyNode) (string, bool) {
	switch key.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		t := key.GetToken()
		return t.Value, t.Type != token.ImplicitNullType
	}
	return "", false
}
