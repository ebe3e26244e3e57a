package term

import (
	"fmt"
	"io"
	"strings"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

// page collects a text for people. It is written at once, when all of it is there.
type page struct {
	strings.Builder
	format words.Format // Table or Markdown
	style  Style
	err    error // the first of a table
}

// write writes a value as JSON, or the page that text fills. Formats: Table, JSON.
func write(w io.Writer, format words.Format, style Style, value any, text func(*page)) error {
	switch format {
	case words.JSON:
		return record.WriteJSON(w, value)
	case words.Table:
		return writePage(w, format, style, text)
	}
	return words.UnknownFormat(format)
}

// writePage writes the page that text fills, without spaces at the ends of lines. Markdown is neither coloured nor
// wrapped.
func writePage(w io.Writer, format words.Format, style Style, text func(*page)) error {
	if format == words.Markdown {
		style = Style{}
	}
	p := page{format: format, style: style}
	if text(&p); p.err != nil {
		return p.err
	}
	lines := strings.Split(p.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n"))
	return err
}

// keep keeps the first error of a table.
func (p *page) keep(err error) {
	if p.err == nil && err != nil {
		p.err = fmt.Errorf("write table: %w", err)
	}
}

// say adds a line, wrapped to the terminal; the parts after the first are indented.
func (p *page) say(shade ink, indent int, text string) {
	for _, line := range words.Wrap(words.Clean(text), p.style.Width, indent) {
		p.WriteString(p.style.paint(shade, line) + "\n")
	}
}

// block adds lines of text, each indented, and wrapped to the terminal.
func (p *page) block(text, indent string) {
	for line := range strings.Lines(text) {
		p.say(plain, 4, indent+strings.TrimRight(line, "\r\n"))
	}
}

// head adds the heading of a section.
func (p *page) head(text string) {
	if p.format == words.Markdown {
		p.WriteString("\n### " + strings.ToUpper(text[:1]) + text[1:] + "\n\n")
		return
	}
	p.WriteString("\n")
	p.say(bold, 2, text)
}

// notes adds sentences below a table.
func (p *page) notes(notes ...string) {
	if len(notes) > 0 {
		p.WriteString("\n")
	}
	for _, note := range notes {
		p.say(dim, 0, note)
	}
}
