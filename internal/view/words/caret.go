package words

import (
	"strings"
	"unicode"
)

// Caret is two lines of at most 72 characters: text, or the part of a long one around a column, and a caret below the
// column. Columns count characters from 1.
func Caret(text string, column int) string {
	const before, after = 30, 40
	printed := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' ' // a line end, say
		}
		return r
	}, text))
	at := column - 1
	left, right := printed[:at], printed[at:]
	if len(left) > before {
		left = append([]rune("…"), left[len(left)-before:]...)
	}
	if len(right) > after {
		right = append(right[:after:after], '…')
	}
	return string(left) + string(right) + "\n" + strings.Repeat(" ", Cells(string(left))) + "^"
}
