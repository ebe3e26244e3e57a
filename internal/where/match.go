package where

import (
	"strings"
	"unicode/utf8"
)

// Match tells whether the expression holds for an experiment whose settings and results lookup
// returns as text, as it stands in an experiment file: "0.001", "adam", "[2, 2]"; ok is false
// for what the experiment does not have. Match asks no more than it needs, from left to right.
func (e Expression) Match(lookup func(key string) (text string, ok bool)) bool {
	return e.root.match(lookup)
}

func (n *node) match(lookup func(string) (string, bool)) bool {
	switch n.op {
	case "not":
		return !n.operands[0].match(lookup)
	case "or":
		for i := range n.operands {
			if n.operands[i].match(lookup) {
				return true
			}
		}
		return false
	case "", "and": // "": the zero node, which demands nothing
		for i := range n.operands {
			if !n.operands[i].match(lookup) {
				return false
			}
		}
		return true
	}
	text, ok := lookup(n.key)
	return ok && n.value.compare(text, n.op)
}

// compare tells whether "text op v" is true.
func (v *value) compare(text, op string) bool {
	if op == "~" {
		return like(text, v.text)
	}
	var x float64
	isNumber := false
	if v.isNumber {
		x, isNumber = number(text)
	}
	if !isNumber {
		return op == "=" && text == v.text
	}
	switch op {
	case "<":
		return x < v.number
	case "<=":
		return x <= v.number
	case ">":
		return x > v.number
	case ">=":
		return x >= v.number
	}
	return x == v.number
}

// like tells whether a shell pattern of * and ? matches all of text. It lets the last * take
// another character where what follows does not match, in time of at most the product of the
// lengths; an earlier * need never take more than it first did.
func like(text, pattern string) bool {
	starred := false
	var afterStar, untaken string // the pattern after the last *, and the text that it left
	for text != "" {
		switch {
		case strings.HasPrefix(pattern, "*"):
			pattern = pattern[1:]
			starred, afterStar, untaken = true, pattern, text
		case strings.HasPrefix(pattern, "?"):
			pattern, text = pattern[1:], text[character(text):]
		case pattern != "" && pattern[0] == text[0]:
			pattern, text = pattern[1:], text[1:]
		case starred:
			untaken = untaken[character(untaken):]
			pattern, text = afterStar, untaken
		default:
			return false
		}
	}
	return strings.Trim(pattern, "*") == ""
}

// character is the length of the first character of text in bytes.
func character(text string) int {
	_, size := utf8.DecodeRuneInString(text)
	return size
}
