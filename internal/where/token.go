package where

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a sign, a word or a quoted text of an expression. The last token is the end, "".
type token struct {
	text   string // without quotes
	quote  string // ' or ", "" without quotes
	column int
}

// tokens matches a token: a sign, a word or a quoted text. A lone "!" is for the parser to refuse.
var tokens = regexp.MustCompile(`^(?:[=!<>]=|!~|[=<>~!()]|'[^']*'|"[^"]*"|[^'"()=!<>~\t-\r\pZ\x{85}]+)`)

// scan splits text into tokens.
func scan(text string) ([]token, error) {
	var all []token
	for rest := text; ; {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		t := token{text: tokens.FindString(rest), column: utf8.RuneCountInString(text[:len(text)-len(rest)]) + 1}
		if t.text == "" && rest != "" {
			return nil, &Error{text, t.column, fmt.Sprintf("expected a closing %c to this one, received the end", rest[0])}
		}
		rest = rest[len(t.text):]
		if strings.HasPrefix(t.text, "'") || strings.HasPrefix(t.text, `"`) {
			t.quote, t.text = t.text[:1], t.text[1:len(t.text)-1]
		}
		all = append(all, t)
		if t == (token{column: t.column}) {
			return all, nil
		}
	}
}

// is tells whether t is a sign or a word of the language.
func (t token) is(text string) bool { return t.quote == "" && strings.EqualFold(t.text, text) }

// word tells whether t is a key or an unquoted value.
func (t token) word() bool {
	return t.quote == "" && t.text != "" && !strings.ContainsAny(t.text, "=!<>~()") &&
		!t.is("and") && !t.is("or") && !t.is("not")
}

func (t token) received() string {
	switch {
	case t.quote != "":
		return "the text " + quote(t.text)
	case t.text == "":
		return "the end"
	}
	return quote(t.text)
}

// quote puts foreign text into a message: short, and without control characters.
func quote(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return strconv.Quote(text)
}
