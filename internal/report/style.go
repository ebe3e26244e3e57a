package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Style says what the output goes to.
type Style struct {
	// Width of the terminal in character cells; 0 when it is not a terminal,
	// and then nothing is shortened or wrapped.
	Width int
	// Color allows colours (escape sequences).
	Color bool
}

// Format is a form of output.
type Format string

// The forms of output. Not every command has all of them.
const (
	Table    Format = "table"
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "markdown"
	HTML     Format = "html"
)

// ParseFormat returns the format of that name, if it is among the allowed
// ones; the error lists them.
func ParseFormat(name string, allowed ...Format) (Format, error) {
	if f := Format(name); slices.Contains(allowed, f) {
		return f, nil
	}
	words := make([]string, len(allowed))
	for i, f := range allowed {
		words[i] = string(f)
	}
	return "", fmt.Errorf("format %q: expected one of %s", name, strings.Join(words, ", "))
}

// unknownFormat is the error of a function asked for a form it does not have.
func unknownFormat(f Format) error {
	return fmt.Errorf("report: no %q form of this output", string(f))
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

// clean makes text from files and errors harmless on a terminal and keeps it on
// one line: white space becomes a space; control characters, bidirectional
// overrides, other invisible characters and broken UTF-8 become U+FFFD.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// cells is the number of character cells that text takes on a terminal.
func cells(text string) int { return twwidth.Width(text) }

// shorten cuts text to at most width cells, an ellipsis included.
func shorten(text string, width int) string {
	if cells(text) <= width {
		return text
	}
	room := width - cells("…")
	if room < 0 {
		return ""
	}
	return head(text, room) + "…"
}

// shortenMiddle is shorten with the ellipsis in the middle, for names that differ
// at their end, as those of a sweep do.
func shortenMiddle(text string, width int) string {
	room := width - cells("…")
	if cells(text) <= width || room < 2 {
		return shorten(text, width)
	}
	first := head(text, (room+1)/2)
	letters := []rune(text)
	from := len(letters)
	for from > 0 && cells(string(letters[from-1:])) <= room-cells(first) {
		from--
	}
	return first + "…" + string(letters[from:])
}

// first is the beginning of a hash: n of its digits.
func first(n int, hash string) string { return hash[:min(n, len(hash))] }

// head is the longest beginning of text that takes at most width cells.
func head(text string, width int) string {
	end := 0
	for i, r := range text {
		next := i + len(string(r))
		if cells(text[:next]) > width {
			break
		}
		end = next
	}
	return text[:end]
}

// wrap breaks a line at spaces so that no part is wider than width; the parts
// after the first are indented by indent more cells than the line itself is.
// A word that is too long by itself is cut. Width 0 leaves the line whole.
func wrap(line string, width, indent int) []string {
	if width <= 0 || cells(line) <= width {
		return []string{line}
	}
	body := strings.TrimLeft(line, " ")
	first := strings.Repeat(" ", min(len(line)-len(body), width/2))
	rest := strings.Repeat(" ", min(len(first)+indent, width/2))

	var lines []string
	current, empty := first, true
	for _, word := range strings.Fields(body) {
		if !empty && cells(current)+1+cells(word) > width {
			lines = append(lines, current)
			current, empty = rest, true
		}
		if !empty {
			current += " "
		}
		// Cells, not bytes: a wide character never ends up half outside.
		for cells(current)+cells(word) > width {
			part := head(word, width-cells(current))
			if part == "" && empty {
				break // not even one character fits: nothing to gain by cutting
			}
			lines = append(lines, current+part)
			current, word, empty = rest, word[len(part):], true
		}
		current += word
		empty = false
	}
	return append(lines, current)
}

// lines are the lines of text, cleaned, indented and wrapped to the terminal.
func lines(text, indent string, style Style) []string {
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		out = append(out, wrap(indent+clean(line), style.Width, 4)...)
	}
	return out
}
