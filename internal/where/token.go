package where

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	end    tokenKind = iota
	word             // of a key, a value or the language
	quoted           // text without its quotes
	sign             // an operator or a parenthesis
)

type token struct {
	kind   tokenKind
	text   string
	column int
}

// signs are in an order that finds "<=" before "<". A lone "!" is for the parser to refuse.
var signs = []string{"==", "!=", "!~", "<=", ">=", "=", "<", ">", "~", "!", "(", ")"}

// scan splits text into tokens, of which the last is the end.
func scan(text string) ([]token, error) {
	var tokens []token
	column := 1
	for rest := text; ; {
		trimmed := strings.TrimLeftFunc(rest, unicode.IsSpace)
		column += utf8.RuneCountInString(rest) - utf8.RuneCountInString(trimmed)
		t, size := first(trimmed)
		if size > len(trimmed) {
			return nil, &Error{text, column, fmt.Sprintf("expected a closing %c to this one, received the end", trimmed[0])}
		}
		t.column = column
		tokens = append(tokens, t)
		if t.kind == end {
			return tokens, nil
		}
		column += utf8.RuneCountInString(trimmed[:size])
		rest = trimmed[size:]
	}
}

// first is the token that begins text, and the number of its bytes. These are more than there
// are if a quote is not closed.
func first(text string) (token, int) {
	if text == "" {
		return token{kind: end}, 0
	}
	if text[0] == '\'' || text[0] == '"' {
		inside, _, _ := strings.Cut(text[1:], text[:1])
		return token{kind: quoted, text: inside}, len(inside) + 2
	}
	for _, s := range signs {
		if strings.HasPrefix(text, s) {
			return token{kind: sign, text: s}, len(s)
		}
	}
	size := strings.IndexFunc(text, endsWord)
	if size < 0 {
		size = len(text)
	}
	return token{kind: word, text: text[:size]}, size
}

func endsWord(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`'"()=!<>~`, r) }

// is tells whether t is a sign or a word of the language.
func (t token) is(text string) bool {
	return t.kind == sign && t.text == text || t.kind == word && strings.EqualFold(t.text, text)
}

// keyword tells whether t is a word that the language keeps for itself.
func (t token) keyword() bool { return t.is("and") || t.is("or") || t.is("not") }

// received is t in a message.
func (t token) received() string {
	switch t.kind {
	case end:
		return "the end"
	case quoted:
		return "the text " + quote(t.text)
	}
	return quote(t.text)
}
