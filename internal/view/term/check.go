package term

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

// Check writes the layers and the forecast of each valid file, and the faults of the others. Formats: Table, JSON.
func Check(w io.Writer, files []record.Checked, format words.Format, style Style) error {
	return write(w, format, style, record.WithoutNulls(files), func(p *page) {
		for i, c := range files {
			if i > 0 {
				p.WriteString("\n")
			}
			if c.Valid {
				p.network(c)
			} else {
				p.faults(c)
			}
		}
	})
}

// network adds the layers of a valid file.
func (p *page) network(c record.Checked) {
	title := c.File
	switch {
	case c.Experiment != "":
		title += ": " + c.Experiment
	case len(c.Layers) == 0:
		title += ": abstract, for other files to extend"
	}
	p.say(bold, 2, title)
	if len(c.Layers) == 0 {
		return
	}
	total := record.CheckLayer{Index: -1, Kind: "total", Parameters: c.Parameters, MultiplyAdds: c.MultiplyAdds}
	table(p, layerColumns(), append(checkRows(c.Layers, 0), checkRow{total, 0}))
	if c.MemoryBytes == nil {
		return
	}
	line := "forecast: "
	if c.SecondsPerEpoch != nil {
		line += fmt.Sprintf("%s an epoch, %s to evaluate, ",
			words.Roughly(*c.SecondsPerEpoch), words.Roughly(*c.EvalSecondsPerEpoch))
	}
	p.say(plain, 2, line+fmt.Sprintf("%s of memory, %s",
		words.Megabytes(float64(*c.MemoryBytes)), words.Count(*c.Threads, "thread")))
}

// checkRow is a layer at a depth inside others.
type checkRow struct {
	record.CheckLayer
	depth int
}

// checkRows lists layers, each followed by those inside it.
func checkRows(layers []record.CheckLayer, depth int) []checkRow {
	var rows []checkRow
	for _, l := range layers {
		rows = append(append(rows, checkRow{l, depth}), checkRows(l.Children, depth+1)...)
	}
	return rows
}

// inside indents a layer by its depth inside others.
func inside(depth int) string { return strings.Repeat("· ", depth) }

// layerColumns are a network's layers as a table; the row with index -1 is the total.
func layerColumns() []column[checkRow] {
	type row = checkRow
	columns := []column[row]{
		{head: "#", right: true, cell: func(l row) string {
			if l.Index < 0 || l.depth > 0 {
				return ""
			}
			return strconv.Itoa(l.Index)
		}},
		{head: "layer", least: 10, cell: func(l row) string {
			text := strings.TrimSpace(l.Kind + " " + l.Args)
			if l.depth > 0 {
				text = fmt.Sprintf("%s%s[%d] %s", inside(l.depth), l.List, l.Index, text)
			}
			return text
		}},
		{head: "input", right: true, drop: 2, cell: func(l row) string { return shape(l.Input) }},
		{head: "output", right: true, cell: func(l row) string { return shape(l.Output) }},
		{head: "parameters", short: "params", right: true,
			cell: func(l row) string { return words.Grouped(l.Parameters) }},
		{head: "multiply-adds", short: "mult-adds", right: true, drop: 1,
			cell: func(l row) string { return words.Grouped(l.MultiplyAdds) }},
	}
	return inked(columns, func(l row) ink {
		if l.Index < 0 {
			return bold
		}
		return plain
	})
}

// faults adds a line "file:line:column: message" for each fault, which editors and terminals open.
func (p *page) faults(c record.Checked) {
	for _, f := range c.Faults {
		place := words.Clean(cmp.Or(f.File, c.File))
		if f.Line > 0 {
			place += fmt.Sprintf(":%d:%d", f.Line, f.Column)
		}
		for i, line := range words.Wrap(place+": "+words.Clean(f.Message), p.style.Width, 4) {
			if rest, found := strings.CutPrefix(line, place); i == 0 && found {
				line = p.style.paint(red, place) + rest
			}
			p.WriteString(line + "\n")
		}
	}
}

// shape writes 32x32x3.
func shape(sizes []int) string {
	words := make([]string, len(sizes))
	for i, n := range sizes {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, "x")
}
