package words

import (
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Clean makes text from files and errors harmless on a terminal and keeps it on one line: white space becomes a space;
// control characters, bidirectional overrides, other invisible characters and broken UTF-8 become U+FFFD.
func Clean(text string) string {
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

// Cells is the number of character cells that text takes on a terminal.
func Cells(text string) int { return twwidth.Width(text) }

// Shorten cuts text to at most width cells, an ellipsis included.
func Shorten(text string, width int) string {
	if Cells(text) <= width {
		return text
	}
	room := width - Cells("…")
	if room < 0 {
		return ""
	}
	return Head(text, room) + "…"
}

// ShortenMiddle is Shorten with the ellipsis in the middle, for names that differ at their end, as those of a sweep.
func ShortenMiddle(text string, width int) string {
	room := width - Cells("…")
	if Cells(text) <= width || room < 2 {
		return Shorten(text, width)
	}
	first := Head(text, (room+1)/2)
	letters := []rune(text)
	from := len(letters)
	for from > 0 && Cells(string(letters[from-1:])) <= room-Cells(first) {
		from--
	}
	return first + "…" + string(letters[from:])
}

// First is the beginning of a hash: n of its digits.
func First(n int, hash string) string { return hash[:min(n, len(hash))] }

// Head is the longest beginning of text that takes at most width cells.
func Head(text string, width int) string {
	end := 0
	for i, r := range text {
		next := i + len(string(r))
		if Cells(text[:next]) > width {
			break
		}
		end = next
	}
	return text[:end]
}

// Wrap breaks a line at spaces into parts of at most width cells, those after the first indented by indent more cells
// than the line is. A word that is longer is cut. Width 0 leaves the line whole.
func Wrap(line string, width, indent int) []string {
	if width <= 0 || Cells(line) <= width {
		return []string{line}
	}
	body := strings.TrimLeft(line, " ")
	first := strings.Repeat(" ", min(len(line)-len(body), width/2))
	rest := strings.Repeat(" ", min(len(first)+indent, width/2))

	var lines []string
	current, empty := first, true
	for _, word := range strings.Fields(body) {
		if !empty && Cells(current)+1+Cells(word) > width {
			lines = append(lines, current)
			current, empty = rest, true
		}
		if !empty {
			current += " "
		}
		// Cells, not bytes: a wide character never ends up half outside.
		for Cells(current)+Cells(word) > width {
			part := Head(word, width-Cells(current))
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
