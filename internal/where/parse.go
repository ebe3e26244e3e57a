package where

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const (
	maxBytes = 4 << 10
	maxDepth = 64 // of parentheses and "not"
)

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
	holds, err := p.or()
	if t := p.tokens[0]; err == nil && !t.is("") {
		err = p.errorf(t, `expected "and", "or" or the end, received %s`, t.received())
	}
	if err != nil {
		return Expression{}, err
	}
	return Expression{text, p.keys, holds}, nil
}

type parser struct {
	text   string
	tokens []token // those to come; the end stays
	keys   []token // so far
	depth  int
}

func (p *parser) errorf(t token, format string, args ...any) error {
	return &Error{p.text, t.column, fmt.Sprintf(format, args...)}
}

// next moves to the next token, from one that is not the end.
func (p *parser) next() { p.tokens = p.tokens[1:] }

func (p *parser) or() (condition, error) { return p.joined("or", p.and) }

func (p *parser) and() (condition, error) { return p.joined("and", p.term) }

// joined reads operands with a word between them.
func (p *parser) joined(by string, operand func() (condition, error)) (condition, error) {
	var operands []condition
	for {
		c, err := operand()
		if err != nil {
			return nil, err
		}
		operands = append(operands, c)
		if !p.tokens[0].is(by) {
			break
		}
		p.next()
	}
	decides := by == "or" // the value of an operand that decides on all
	return func(lookup func(string) (string, bool)) bool {
		for _, holds := range operands {
			if holds(lookup) == decides {
				return decides
			}
		}
		return !decides
	}, nil
}

func (p *parser) term() (condition, error) {
	first := p.tokens[0]
	if !first.is("not") && !first.is("(") {
		return p.comparison()
	}
	p.next()
	if p.depth == maxDepth {
		return nil, p.errorf(first, `parentheses and "not" are nested more than %d levels deep`, maxDepth)
	}
	p.depth++
	defer func() { p.depth-- }()
	if first.is("not") {
		holds, err := p.term()
		return func(lookup func(string) (string, bool)) bool { return !holds(lookup) }, err
	}
	holds, err := p.or()
	if t := p.tokens[0]; err == nil && !t.is(")") {
		err = p.errorf(t, `expected "and", "or" or ")", received %s`, t.received())
	}
	if err != nil {
		return nil, err
	}
	p.next()
	return holds, nil
}

// keyText is a path of keys and indices, as overrides write it.
var keyText = regexp.MustCompile(strings.ReplaceAll(`^KEY(\.KEY)*$`, "KEY", `[A-Za-z_][A-Za-z0-9_-]*(\[[0-9]{1,6}\])*`))

var operators = []string{"=", "==", "!=", "<", "<=", ">", ">=", "~", "!~"}

func (p *parser) comparison() (condition, error) {
	key := p.tokens[0]
	if !key.word() || !keyText.MatchString(key.text) {
		return nil, p.errorf(key, "expected a key, such as parameters or layers[3].conv2d.filters, received %s",
			key.received())
	}
	p.next()
	op := p.tokens[0]
	if op.quote != "" || !slices.Contains(operators, op.text) {
		return nil, p.errorf(op, "expected =, !=, <, <=, >, >=, ~ or !~ after %s, received %s",
			quote(key.text), op.received())
	}
	p.next()
	v, err := p.value(op)
	if err != nil {
		return nil, err
	}
	p.keys = append(p.keys, key)
	negated := strings.HasPrefix(op.text, "!")
	return func(lookup func(string) (string, bool)) bool {
		text, ok := lookup(key.text)
		return (ok && v.compare(text, strings.TrimPrefix(op.text, "!"))) != negated
	}, nil
}

// value reads what op compares with.
func (p *parser) value(op token) (value, error) {
	t := p.tokens[0]
	if t.quote == "" && !t.word() {
		return value{}, p.errorf(t, "expected a value after %s, received %s", quote(op.text), t.received())
	}
	p.next()
	v := value{text: t.text}
	if t.quote == "" {
		v = literal(t.text)
	}
	switch op.text {
	case "~", "!~":
	case "=", "==", "!=":
		if t.quote == "" && strings.ContainsAny(t.text, "*?") {
			return value{}, p.errorf(t, "%s is a pattern only after ~ and !~: use one of these, or put it in quotes",
				t.received())
		}
	default:
		if !v.isNumber {
			return value{}, p.errorf(t, "expected a number after %s, received %s", quote(op.text), t.received())
		}
	}
	return v, nil
}
