package spec

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Text renders the experiment as a file that Load reads back as the same experiment, with
// neither extends nor sweep. Each layer has a line of its own, those inside others too.
func (e *Experiment) Text() ([]byte, error) {
	var b strings.Builder
	within := "" // the map of the line before
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
	if err := e.readsBack(text); err != nil {
		return text, fmt.Errorf("experiment %s cannot be written as YAML: %w", quote(e.Name), err)
	}
	return text, nil
}

// text is the key's value as it follows the colon.
func (k key) text() string {
	switch v := k.value.Interface().(type) {
	case Layers:
		return entries(v.Node(), "  ")
	case Duration:
		return " " + v.String()
	case string:
		return " " + scalarText(v, plainLine)
	}
	return " " + flow(k.node())
}

// readsBack makes sure that text holds this experiment: it is what later explains a run.
func (e *Experiment) readsBack(text []byte) error {
	back, faults := Parse("text", text)
	if len(faults) > 0 {
		return faults
	}
	all := func(key) bool { return true }
	want, wantErr := e.hash(all)
	got, gotErr := back.hash(all)
	if err := cmp.Or(wantErr, gotErr); err != nil {
		return err
	}
	if got != want {
		return errors.New("it reads back as another experiment")
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
		b.WriteString(scalarText(n.Map[0].Key, plainText) + ":")
		if !slices.ContainsFunc(args.Map, func(e Entry) bool { return holdsItems(e.Value) }) {
			b.WriteString(" " + flow(args))
			continue
		}
		for _, e := range args.Map {
			b.WriteString("\n" + indent + "    " + scalarText(e.Key, plainText) + ":")
			if holdsItems(e.Value) {
				b.WriteString(entries(e.Value, indent+"      "))
			} else {
				b.WriteString(" " + flow(e.Value))
			}
		}
	}
	return b.String()
}

// holdsItems reports whether a value may be a list of items: no other list holds texts or maps.
func holdsItems(n Node) bool {
	return slices.ContainsFunc(n.List, func(n Node) bool { return n.Kind == String || n.Kind == Map })
}

// flow writes a tree on one line. Numbers stay as they were written.
func flow(n Node) string {
	return n.line(false, func(n Node) string {
		if n.Kind == String {
			return scalarText(n.String, plainText)
		}
		return n.written()
	})
}

// line writes a tree on one line, its keys and scalars as the function writes them.
func (n Node) line(sorted bool, scalar func(Node) string) string {
	var parts []string
	switch n.Kind {
	case List:
		for _, child := range n.List {
			parts = append(parts, child.line(sorted, scalar))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		for _, e := range n.Map {
			parts = append(parts, scalar(Node{Kind: String, String: e.Key})+": "+e.Value.line(sorted, scalar))
		}
		if sorted {
			slices.Sort(parts)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return scalar(n)
}

var (
	// plainText needs no quotes anywhere: words without a character that means something to YAML.
	plainText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.()+/-]*( [A-Za-z0-9_.()+/-]+)*$`)
	// plainLine needs no quotes as the value of a key on a line of its own.
	plainLine = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.,;()'"=+/\[\]-]*( [A-Za-z0-9_.,;()'"=+/\[\]-]+)*$`)
)

// scalarText writes text so that YAML reads it as that text: as it is, where bare allows it.
func scalarText(text string, bare *regexp.Regexp) string {
	if bare.MatchString(text) && plain(text, Pos{}).Kind == String {
		return text
	}
	return strconv.Quote(text)
}
