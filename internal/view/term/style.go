package term

import (
	"runner/internal/view/words"
)

// Style says what the output goes to.
type Style struct {
	// Width of the terminal in character cells; 0 when it is not a terminal, and then nothing is shortened or wrapped.
	Width int
	// Color allows colours (escape sequences).
	Color bool
}

// ink is a colour or weight: the parameter of an SGR escape sequence.
type ink string

const (
	plain  ink = ""
	bold   ink = "1"
	dim    ink = "2"
	red    ink = "31"
	green  ink = "32"
	yellow ink = "33"
	cyan   ink = "36"
)

// paint puts text into colour where colour is allowed.
func (s Style) paint(i ink, text string) string {
	if !s.Color || i == plain || text == "" {
		return text
	}
	return "\x1b[" + string(i) + "m" + text + "\x1b[0m"
}

// aligned pads the texts of rows to one width, so that what stands before them lines up.
func aligned[T any](rows []T, text func(T) string) func(T) string {
	width := 0
	for _, row := range rows {
		width = max(width, words.Cells(text(row)))
	}
	return func(row T) string { return pad(text(row), width) }
}
