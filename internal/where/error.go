package where

import (
	"fmt"
	"strconv"
)

// Error says what is wrong with an expression, and where.
type Error struct {
	Text    string // the expression
	Column  int    // counts characters from 1; after the last one at the end
	Message string // one sentence
}

func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Message) }

// quote puts foreign text into a message: short, and without control characters.
func quote(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "..."
	}
	return strconv.Quote(text)
}
