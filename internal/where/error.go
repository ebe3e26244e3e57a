package where

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Error says what is wrong with an expression, and where.
type Error struct {
	Text    string // the expression
	Column  int    // counts characters from 1; after the last one at the end
	Message string // one sentence
}

func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Message) }

// Place is two lines of at most 72 characters: the expression, or what is around the column
// of a long one, and a caret below the column.
func (e *Error) Place() string {
	const before, after = 30, 40
	printed := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' ' // a line end, say
		}
		return r
	}, e.Text))
	at := e.Column - 1
	left, right := printed[:at], printed[at:]
	if len(left) > before {
		left = append([]rune("…"), left[len(left)-before:]...)
	}
	if len(right) > after {
		right = append(right[:after:after], '…')
	}
	indent := strings.Repeat(" ", twwidth.Width(string(left)))
	return string(left) + string(right) + "\n" + indent + "^"
}

// quote puts foreign text into a message: short, and without control characters.
func quote(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return strconv.Quote(text)
}
