package term

import (
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
	err    error // the first
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
	return writeTrimmed(w, p.String())
}

// keep keeps the first error.
func (p *page) keep(err error) {
	if p.err == nil {
		p.err = err
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

// table adds rows as the table of the page's format.
func table[T any](p *page, columns []column[T], rows []T) {
	if p.format == words.Markdown {
		p.keep(writeMarkdown(p, columns, rows))
		return
	}
	p.keep(writeTable(p, columns, rows, p.style))
}
