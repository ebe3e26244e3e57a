package term

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"runner/internal/view/words"
)

// gap separates columns, in cells.
const gap = 2

// column is a column of a table of T: what it shows, and how it may shrink on a narrow terminal.
type column[T any] struct {
	key   string // its name in JSON, where columns can be asked for
	head  string
	short string // head on a narrow terminal; empty: the same
	right bool   // numbers: aligned at the right
	// drop orders the columns that may be left out: the highest goes first;
	// 0 stays as long as the table does.
	drop int
	// least, if not 0, is how many cells the column may be shortened to: at the
	// end, or in the middle where ends tells rows apart.
	least int
	ends  bool
	cell  func(T) string
	ink   func(T) ink // nil: plain
	note  string      // explains the column's signs, below the table
}

// layout is a column as it will be drawn: its cells as text and its width.
type layout[T any] struct {
	column[T]
	name  string // the full head, whichever is drawn
	text  []string
	width int
}

// cut shortens the text of one cell to the column's width.
func (l layout[T]) cut(text string) string {
	if l.ends {
		return words.ShortenMiddle(text, l.width)
	}
	return words.Shorten(text, l.width)
}

// writeTable draws rows for a person. To fit style.Width it shortens columns, then drops some and names them below.
func writeTable[T any](w io.Writer, columns []column[T], rows []T, style Style) error {
	shown, left := fit(lay(columns, rows), style.Width)

	var out strings.Builder
	quiet := tw.NewSymbolCustom("quiet").WithRow("─").WithColumn(strings.Repeat(" ", gap)).WithCenter(strings.Repeat(" ", gap))
	t := newTable(&out, shown,
		tablewriter.WithRendition(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: quiet,
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.On, BetweenRows: tw.Off, ShowHeader: tw.On},
				Lines:      tw.Lines{ShowHeaderLine: tw.On},
			},
		}),
		tablewriter.WithPadding(tw.PaddingNone))
	heads := make([]string, len(shown))
	for i, c := range shown {
		heads[i] = style.paint(bold, words.Shorten(c.head, c.width))
	}
	t.Header(heads)
	for r, row := range rows {
		line := make([]string, len(shown))
		for i, c := range shown {
			line[i] = c.cut(c.text[r])
			if c.ink != nil {
				line[i] = style.paint(c.ink(row), line[i])
			}
		}
		if err := t.Append(line); err != nil {
			return fmt.Errorf("write table: %w", err)
		}
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	if len(left) > 0 {
		for _, line := range words.Wrap("not shown at this width: "+strings.Join(left, ", "), style.Width, 2) {
			out.WriteString(style.paint(dim, line) + "\n")
		}
	}
	if text := notesOf(shown); text != "" {
		for _, line := range words.Wrap(text, style.Width, 2) {
			out.WriteString(style.paint(dim, line) + "\n")
		}
	}
	return writeTrimmed(w, out.String())
}

// notesOf joins the notes of columns.
func notesOf[T any](columns []layout[T]) string {
	var notes []string
	for _, c := range columns {
		if c.note != "" {
			notes = append(notes, c.note)
		}
	}
	return strings.Join(notes, "; ")
}

// markdownEscape escapes what begins emphasis, code, formulas, entities, links, mentions and cells in Markdown.
var markdownEscape = strings.NewReplacer(`\`, `\\`, `|`, `\|`, "`", "\\`", `*`, `\*`, `<`, `\<`, `_`, `\_`, `[`, `\[`, `]`, `\]`,
	`~`, `\~`, `&`, `\&`, `$`, `\$`, `@`, `\@`, `#`, `\#`, `www.`, `www\.`)

// writeMarkdown writes all columns as a GitHub table.
func writeMarkdown[T any](w io.Writer, columns []column[T], rows []T) error {
	shown := lay(columns, rows)
	var out strings.Builder
	t := newTable(&out, shown, tablewriter.WithRenderer(renderer.NewMarkdown()))
	heads := make([]string, len(shown))
	for i, c := range shown {
		heads[i] = c.head
	}
	t.Header(heads)
	for r := range rows {
		line := make([]string, len(shown))
		for i, c := range shown {
			line[i] = markdownEscape.Replace(strings.TrimSpace(c.text[r]))
		}
		if err := t.Append(line); err != nil {
			return fmt.Errorf("write markdown: %w", err)
		}
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("write markdown: %w", err)
	}
	if text := notesOf(shown); text != "" {
		out.WriteString("\n" + text + "\n")
	}
	return writeTrimmed(w, out.String())
}

// newTable is a tablewriter that leaves cells as they are and aligns them.
func newTable[T any](w io.Writer, columns []layout[T], options ...tablewriter.Option) *tablewriter.Table {
	alignment := make(tw.Alignment, len(columns))
	for i, c := range columns {
		alignment[i] = tw.AlignLeft
		if c.right {
			alignment[i] = tw.AlignRight
		}
	}
	return tablewriter.NewTable(w, append([]tablewriter.Option{
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(alignment),
	}, options...)...)
}

// lay lays columns out: it evaluates and measures every cell.
func lay[T any](columns []column[T], rows []T) []layout[T] {
	out := make([]layout[T], len(columns))
	for i, c := range columns {
		out[i] = layout[T]{column: c, name: c.head}
		for _, row := range rows {
			out[i].text = append(out[i].text, words.Clean(c.cell(row)))
		}
		out[i].measure()
	}
	return out
}

// measure sets the width to that of the widest cell, the head included.
func (l *layout[T]) measure() {
	l.width = words.Cells(l.head)
	for _, text := range l.text {
		l.width = max(l.width, words.Cells(text))
	}
}

// narrow is the column under its short head.
func (l layout[T]) narrow() layout[T] {
	if l.short != "" {
		l.head = l.short
		l.measure()
	}
	return l
}

// fit makes the columns fit into width cells (0: anything fits). It takes short heads, shortens columns that allow it,
// and drops the least important column until the rest fits. It returns the columns to draw and the heads of those
// dropped.
func fit[T any](columns []layout[T], width int) (shown []layout[T], left []string) {
	if width <= 0 || shrink(columns, width, func(l layout[T]) int { return l.width }) {
		return columns, nil
	}
	narrow := make([]layout[T], len(columns))
	for i, l := range columns {
		narrow[i] = l.narrow()
	}
	for {
		shown = slices.Clone(narrow)
		if shrink(shown, width, func(l layout[T]) int {
			if l.least == 0 {
				return l.width
			}
			return max(l.least, words.Cells(l.head))
		}) {
			return shown, left
		}
		last := -1
		for i, l := range narrow {
			if l.drop > 0 && (last < 0 || l.drop > narrow[last].drop) {
				last = i
			}
		}
		if last < 0 {
			break
		}
		left = append(left, narrow[last].name)
		narrow = slices.Delete(narrow, last, last+1)
	}
	// Only what must stay is left: now anything may be shortened.
	shrink(shown, width, func(layout[T]) int { return 1 })
	return shown, left
}

// shrink narrows the widest column that is wider than its least width, cell by cell, until all fit into width. It
// reports whether they do.
func shrink[T any](columns []layout[T], width int, least func(layout[T]) int) bool {
	total := gap * (len(columns) - 1)
	for _, c := range columns {
		total += c.width
	}
	for ; total > width; total-- {
		widest := -1
		for i, c := range columns {
			if c.width > least(c) && (widest < 0 || c.width > columns[widest].width) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		columns[widest].width--
	}
	return true
}

// writeTrimmed writes text without spaces at the ends of its lines.
func writeTrimmed(w io.Writer, text string) error {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n"))
	return err
}
