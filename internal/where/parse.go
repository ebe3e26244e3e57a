package where

import (
	"fmt"
	"regexp"
	"strings"
)

const (
	maxBytes = 4 << 10
	maxDepth = 64 // of parentheses and "not"
)

// Expression is a condition on the settings and results of an experiment. The zero Expression
// holds for all.
type Expression struct {
	text string
	root node
}

// node is a comparison, or operands joined by "and", "or" or "not".
type node struct {
	op       string // "and", "or", "not", or a comparison's: = < <= > >= ~
	operands []node

	key    string
	column int // of the key
	value  value
}

// Parse reads an expression of at most 4 KiB, with at most 64 levels of parentheses and "not".
// The error is an *Error.
func Parse(text string) (Expression, error) {
	if len(text) > maxBytes {
		return Expression{}, &Error{text, 1, fmt.Sprintf("expected at most %d bytes, received %d", maxBytes, len(text))}
	}
	tokens, err := scan(text)
	if err != nil {
		return Expression{}, err
	}
	p := parser{text: text, tokens: tokens}
	root, err := p.or()
	if err != nil {
		return Expression{}, err
	}
	if t := p.tokens[0]; t.kind != end {
		return Expression{}, p.errorf(t, `expected "and", "or" or the end, received %s`, t.received())
	}
	return Expression{text, root}, nil
}

type parser struct {
	text   string
	tokens []token // those to come; the end stays
	depth  int
}

// errorf is an error at t.
func (p *parser) errorf(t token, format string, args ...any) error {
	return &Error{p.text, t.column, fmt.Sprintf(format, args...)}
}

// next goes on to the next token, from one that is not the end.
func (p *parser) next() { p.tokens = p.tokens[1:] }

func (p *parser) or() (node, error) { return p.joined("or", p.and) }

func (p *parser) and() (node, error) { return p.joined("and", p.term) }

// joined reads operands with a word between them, and makes no node of a single one.
func (p *parser) joined(by string, operand func() (node, error)) (node, error) {
	first, err := operand()
	if err != nil || !p.tokens[0].is(by) {
		return first, err
	}
	n := node{op: by, operands: []node{first}}
	for p.tokens[0].is(by) {
		p.next()
		another, err := operand()
		if err != nil {
			return node{}, err
		}
		n.operands = append(n.operands, another)
	}
	return n, nil
}

func (p *parser) term() (node, error) {
	first := p.tokens[0]
	if !first.is("not") && !first.is("(") {
		return p.comparison()
	}
	p.next()
	if p.depth == maxDepth {
		return node{}, p.errorf(first, `parentheses and "not" are nested more than %d levels deep`, maxDepth)
	}
	p.depth++
	defer func() { p.depth-- }()
	if first.is("not") {
		n, err := p.term()
		return not(n), err
	}
	n, err := p.or()
	if err != nil {
		return node{}, err
	}
	if t := p.tokens[0]; !t.is(")") {
		return node{}, p.errorf(t, `expected "and", "or" or ")", received %s`, t.received())
	}
	p.next()
	return n, nil
}

func not(n node) node { return node{op: "not", operands: []node{n}} }

// keyText is a path of keys and indices, in the form in which the program overrides settings.
var keyText = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*(\[[0-9]{1,6}\])*(\.[A-Za-z_][A-Za-z0-9_-]*(\[[0-9]{1,6}\])*)*$`)

func (p *parser) comparison() (node, error) {
	key := p.tokens[0]
	if key.kind != word || key.keyword() || !keyText.MatchString(key.text) {
		return node{}, p.errorf(key, "expected a key, such as parameters or layers[3].conv2d.filters, received %s", key.received())
	}
	p.next()
	op := p.tokens[0]
	n := node{key: key.text, column: key.column}
	switch {
	case op.is("="), op.is("<"), op.is("<="), op.is(">"), op.is(">="), op.is("~"):
		n.op = op.text
	case op.is("=="), op.is("!="), op.is("!~"):
		n.op = op.text[1:]
	default:
		return node{}, p.errorf(op, "expected =, !=, <, <=, >, >=, ~ or !~ after %s, received %s", quote(key.text), op.received())
	}
	p.next()
	var err error
	n.value, err = p.value(op)
	if strings.HasPrefix(op.text, "!") {
		n = not(n)
	}
	return n, err
}

// value reads what op compares with.
func (p *parser) value(op token) (value, error) {
	t := p.tokens[0]
	if t.kind != quoted && (t.kind != word || t.keyword()) {
		return value{}, p.errorf(t, "expected a value after %s, received %s", quote(op.text), t.received())
	}
	p.next()
	v := value{text: t.text}
	if t.kind == word {
		v = literal(t.text)
	}
	switch op.text {
	case "~", "!~":
	case "=", "==", "!=":
		if t.kind == word && strings.ContainsAny(t.text, "*?") {
			return value{}, p.errorf(t, "%s is a pattern only after ~ and !~: use one of these, or put it in quotes", t.received())
		}
	default:
		if !v.isNumber {
			return value{}, p.errorf(t, "expected a number after %s, received %s", quote(op.text), t.received())
		}
	}
	return v, nil
}
