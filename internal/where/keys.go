package where

import (
	"fmt"
	"slices"
	"strings"

	"runner/internal/spec"
)

// Keys returns the keys that the expression names, each once, in the order in which they come.
func (e Expression) Keys() []string {
	var keys []string
	for _, n := range e.root.comparisons() {
		if !slices.Contains(keys, n.key) {
			keys = append(keys, n.key)
		}
	}
	return keys
}

// CheckKeys returns an *Error at the first key that is not among those known.
func (e Expression) CheckKeys(known []string) error {
	for _, n := range e.root.comparisons() {
		if slices.Contains(known, n.key) {
			continue
		}
		message := "unknown key " + quote(n.key)
		if near := suggest(n.key, known); near != "" {
			message += fmt.Sprintf(", did you mean %s?", quote(near))
		} else {
			message += ": expected " + strings.Join(topLevel(known), ", ") + ", or a key within one of these"
		}
		return &Error{e.text, n.column, message}
	}
	return nil
}

// topLevel returns the known keys that are within no other, each once.
func topLevel(known []string) []string {
	var keys []string
	for _, key := range known {
		if !strings.ContainsAny(key, ".[") && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// suggest returns the first known key that ends in key, "optimizer.adam.learning_rate" for
// "learning_rate", else the nearest one, or "".
func suggest(key string, known []string) string {
	ends := func(k string) bool { return strings.HasSuffix(k, "."+key) }
	if i := slices.IndexFunc(known, ends); i >= 0 {
		return known[i]
	}
	return spec.Suggest(key, known)
}

// comparisons returns the comparisons from left to right.
func (n *node) comparisons() []*node {
	if n.key != "" {
		return []*node{n}
	}
	var all []*node
	for i := range n.operands {
		all = append(all, n.operands[i].comparisons()...)
	}
	return all
}
