package term

import (
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
	key   string // its name in JSON, by which --columns names it
	head  string
	short string // head on a narrow terminal; empty: the same
	right bool   // numbers: aligned at the right
	// drop orders the columns that may be left out: the highest goes first; 0 stays as long as the table does.
	drop int
	// least, if not 0, is how many cells the column may be shortened to: at the
	// end, or in the middle if ends is set, for names that differ at their end.
	least int
	ends  bool
	cell  func(T) string
	ink   func(T) ink // nil: plain
	note  string      // explains the column's signs, below the table
}

// inked gives all columns the ink of a row.
func inked[T any](columns []column[T], shade func(T) ink) []column[T] {
	for i := range columns {
		columns[i].ink = shade
	}
	return columns
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

// table adds rows as a table of the page's format. In Markdown it has all columns. For a person it fits the width: it
// shortens columns, then drops some and names them below.
func table[T any](p *page, columns []column[T], rows []T) {
	if p.format == words.Markdown {
		shown := lay(columns, rows)
		render(p, shown, func(c layout[T], row int) string {
			if row < 0 {
				return c.head
			}
			return markdownEscape.Replace(strings.TrimSpace(c.text[row]))
		}, tablewriter.WithRenderer(renderer.NewMarkdown()))
		if notes := notesOf(shown); notes != "" {
			p.WriteString("\n" + notes + "\n")
		}
		return
	}
	shown, left := fit(lay(columns, rows), p.style.Width)
	between := strings.Repeat(" ", gap)
	render(p, shown, func(c layout[T], row int) string {
		if row < 0 {
			return p.style.paint(bold, words.Shorten(c.head, c.width))
		}
		text := c.cut(c.text[row])
		if c.ink != nil {
			text = p.style.paint(c.ink(rows[row]), text)
		}
		return text
	},
		tablewriter.WithRendition(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbolCustom("quiet").WithRow("─").WithColumn(between).WithCenter(between),
			Settings: tw.Settings{
				Separators: tw.Separators{BetweenColumns: tw.On, BetweenRows: tw.Off, ShowHeader: tw.On},
				Lines:      tw.Lines{ShowHeaderLine: tw.On},
			},
		}),
		tablewriter.WithPadding(tw.PaddingNone))
	if len(left) > 0 {
		p.say(dim, 2, "not shown at this width: "+strings.Join(left, ", "))
	}
	if notes := notesOf(shown); notes != "" {
		p.say(dim, 2, notes)
	}
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
var markdownEscape = strings.NewReplacer(`\`, `\\`, `|`, `\|`, "`", "\\`", `*`, `\*`, `<`, `\<`, `_`, `\_`, `[`, `\[`,
	`]`, `\]`, `~`, `\~`, `&`, `\&`, `$`, `\$`, `@`, `\@`, `#`, `\#`, `www.`, `www\.`)

// render adds the cells that cell returns, by column and row; the heads are row -1.
func render[T any](p *page, columns []layout[T], cell func(c layout[T], row int) string,
	options ...tablewriter.Option) {
	alignment := make(tw.Alignment, len(columns))
	for i, c := range columns {
		alignment[i] = tw.AlignLeft
		if c.right {
			alignment[i] = tw.AlignRight
		}
	}
	t := tablewriter.NewTable(p, append([]tablewriter.Option{
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(alignment),
	}, options...)...)
	for row := -1; row < len(columns[0].text); row++ {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = cell(c, row)
		}
		if row < 0 {
			t.Header(line)
		} else {
			p.keep(t.Append(line))
		}
	}
	p.keep(t.Render())
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
