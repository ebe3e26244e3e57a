package spec

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Text renders the experiment as a file that Load reads back to the same experiment, with
// neither extends nor sweep. Layers stand one on a line, those inside others too.
func (e *Experiment) Text() ([]byte, error) {
	var b strings.Builder
	within := "" // the map that the line before stands in
	for _, k := range e.keys() {
		if k.absent() {
			continue
		}
		indent := ""
		if outer, _, nested := strings.Cut(k.path, "."); nested {
			if indent = "  "; outer != within {
				fmt.Fprintf(&b, "%s:\n", outer)
			}
			within = outer
		}
		fmt.Fprintf(&b, "%s%s:%s\n", indent, k.name, k.text())
	}
	text := []byte(b.String())
	return text, e.readsBack(text)
}

// text is the key's value as it follows the colon.
func (k key) text() string {
	switch v := k.value.Interface().(type) {
	case Layers:
		return entries(v.node(), "  ")
	case Duration:
		return " " + v.String()
	}
	if n := k.node(); n.Kind == String && k.kinds == "" {
		return " " + lineText(n.String)
	}
	return " " + flow(k.node())
}

// readsBack makes sure that text holds this experiment: it is what later explains a run.
func (e *Experiment) readsBack(text []byte) error {
	fail := func(err error) error {
		return fmt.Errorf("experiment %s cannot be written as YAML: %w", quote(e.Name), err)
	}
	back, faults := Parse("text", text)
	if len(faults) > 0 {
		return fail(faults)
	}
	all := func(key) bool { return true }
	want, err := e.hash(all)
	if err != nil {
		return fail(err)
	}
	got, err := back.hash(all)
	if err != nil {
		return fail(err)
	}
	if got != want {
		return fail(errors.New("it reads back as another experiment"))
	}
	return nil
}

// entries is a list of items with each on a line of its own, "- flatten" or "- conv2d:
// {filters: 32}". Of an item that holds others, its arguments have lines of their own too.
func entries(list Node, indent string) string {
	var b strings.Builder
	for _, n := range list.List {
		b.WriteString("\n" + indent + "- ")
		if n.Kind != Map || len(n.Map) != 1 {
			b.WriteString(flow(n))
			continue
		}
		args := n.Map[0].Value
		b.WriteString(scalarText(n.Map[0].Key) + ":")
		if args.Kind != Map || !slices.ContainsFunc(args.Map, func(e Entry) bool { return holdsItems(e.Value) }) {
			b.WriteString(" " + flow(args))
			continue
		}
		for _, e := range args.Map {
			b.WriteString("\n" + indent + "    " + scalarText(e.Key) + ":")
			if holdsItems(e.Value) {
				b.WriteString(entries(e.Value, indent+"      "))
			} else {
				b.WriteString(" " + flow(e.Value))
			}
		}
	}
	return b.String()
}

// holdsItems tells whether a value may be a list of items: nothing else has texts or maps in a list.
func holdsItems(n Node) bool {
	return n.Kind == List && slices.ContainsFunc(n.List, func(n Node) bool { return n.Kind == String || n.Kind == Map })
}

// flow writes a tree on one line. Numbers stay as they were written.
func flow(n Node) string {
	switch n.Kind {
	case String:
		return scalarText(n.String)
	case List:
		parts := make([]string, len(n.List))
		for i, child := range n.List {
			parts[i] = flow(child)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		parts := make([]string, len(n.Map))
		for i, e := range n.Map {
			parts[i] = scalarText(e.Key) + ": " + flow(e.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return n.written()
}

// plainText is text that needs no quotes anywhere: words without a character that means
// something to YAML.
var plainText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.()+/-]*( [A-Za-z0-9_.()+/-]+)*$`)

// plainLine is text that needs no quotes as the value of a key on a line of its own.
var plainLine = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.,;()'"=+/\[\]-]*( [A-Za-z0-9_.,;()'"=+/\[\]-]+)*$`)

// lineText writes text as the value of a key on a line of its own.
func lineText(text string) string {
	if plainLine.MatchString(text) && plain(text, Pos{}).Kind == String {
		return text
	}
	return strconv.Quote(text)
}

// scalarText writes text so that YAML reads it as that text.
func scalarText(text string) string {
	if plainText.MatchString(text) && plain(text, Pos{}).Kind == String {
		return text
	}
	return strconv.Quote(text)
}
