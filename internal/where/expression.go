package where

import (
	"fmt"
	"slices"
	"strings"

	"runner/internal/spec"
)

// Expression is a condition on the settings and results of an experiment. The zero Expression holds
// for all experiments.
type Expression struct {
	text  string
	keys  []token // from left to right
	holds condition
}

// condition tells whether it holds for the settings and results that lookup returns.
type condition func(lookup func(key string) (text string, ok bool)) bool

// Error says what is wrong with an expression, and where.
type Error struct {
	Text    string // the expression
	Column  int    // in characters, from 1; at the end it is after the last one
	Message string // one sentence
}

func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Message) }

// Match tells whether the expression holds for an experiment whose settings and results lookup
// returns as they are written in an experiment file: "0.001", "adam", "[2, 2]"; ok is false for what
// the experiment does not have. Match looks up no more than it needs, from left to right.
func (e Expression) Match(lookup func(key string) (text string, ok bool)) bool {
	return e.holds == nil || e.holds(lookup)
}

// Keys returns the keys in the expression, each once, in the order in which they first appear.
func (e Expression) Keys() []string {
	var keys []string
	for _, k := range e.keys {
		if !slices.Contains(keys, k.text) {
			keys = append(keys, k.text)
		}
	}
	return keys
}

// CheckKeys returns an *Error at the first key that is not known.
func (e Expression) CheckKeys(known []string) error {
	for _, k := range e.keys {
		if slices.Contains(known, k.text) {
			continue
		}
		message := "unknown key " + quote(k.text)
		if near := suggest(k.text, known); near != "" {
			message += fmt.Sprintf(", did you mean %s?", quote(near))
		} else {
			var top []string // keys within no other, each once
			for _, key := range known {
				if !strings.ContainsAny(key, ".[") && !slices.Contains(top, key) {
					top = append(top, key)
				}
			}
			message += ": expected " + strings.Join(top, ", ") + ", or a key within one of these"
		}
		return &Error{e.text, k.column, message}
	}
	return nil
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
