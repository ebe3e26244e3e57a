package term

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

// Check writes the layers and the forecast of every valid file, and the faults of the others. Formats: Table, JSON.
func Check(w io.Writer, files []record.Checked, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		return record.WriteJSON(w, record.WithoutNulls(files))
	case words.Table:
		for i, c := range files {
			if i > 0 {
				if _, err := io.WriteString(w, "\n"); err != nil {
					return err
				}
			}
			if err := checkText(w, c, style); err != nil {
				return err
			}
		}
		return nil
	}
	return words.UnknownFormat(format)
}

func checkText(w io.Writer, c record.Checked, style Style) error {
	if !c.Valid {
		return checkFaults(w, c, style)
	}
	var out strings.Builder
	title := c.File
	switch {
	case c.Experiment != "":
		title += ": " + c.Experiment
	case len(c.Layers) == 0:
		title += ": abstract, for other files to extend"
	}
	for _, line := range words.Wrap(words.Clean(title), style.Width, 2) {
		out.WriteString(style.paint(bold, line) + "\n")
	}
	if err := writeTrimmed(w, out.String()); err != nil || len(c.Layers) == 0 {
		return err
	}
	total := record.CheckLayer{Index: -1, Kind: "total", Parameters: c.Parameters, MultiplyAdds: c.MultiplyAdds}
	if err := writeTable(w, layerColumns(), append(checkRows(c.Layers, 0), checkRow{total, 0}), style); err != nil {
		return err
	}
	return writeForecast(w, c.Forecast, style)
}

func writeForecast(w io.Writer, f record.Forecast, style Style) error {
	if f.MemoryBytes == nil {
		return nil
	}
	line := "forecast: "
	if f.SecondsPerEpoch != nil {
		line += fmt.Sprintf("%s an epoch, %s to evaluate, ", words.Roughly(*f.SecondsPerEpoch), words.Roughly(*f.EvalSecondsPerEpoch))
	}
	line += fmt.Sprintf("%s of memory, %d %s", words.Megabytes(float64(*f.MemoryBytes)), *f.Threads, words.Plural(*f.Threads, "thread"))
	var out strings.Builder
	for _, line := range words.Wrap(line, style.Width, 2) {
		out.WriteString(line + "\n")
	}
	return writeTrimmed(w, out.String())
}

// checkRow is a layer at a depth inside others.
type checkRow struct {
	record.CheckLayer
	depth int
}

// checkRows puts the layers inside another below it.
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
		{head: "parameters", short: "params", right: true, cell: func(l row) string { return words.Grouped(l.Parameters) }},
		{head: "multiply-adds", short: "mult-adds", right: true, drop: 1, cell: func(l row) string { return words.Grouped(l.MultiplyAdds) }},
	}
	for i := range columns {
		columns[i].ink = func(l row) ink {
			if l.Index < 0 {
				return bold
			}
			return plain
		}
	}
	return columns
}

// checkFaults writes a line "file:line:column: message" a fault, which editors and terminals open.
func checkFaults(w io.Writer, c record.Checked, style Style) error {
	var out strings.Builder
	for _, f := range c.Faults {
		at := c.File
		if f.File != "" {
			at = f.File
		}
		if f.Line > 0 {
			at += fmt.Sprintf(":%d:%d", f.Line, f.Column)
		}
		for i, line := range words.Wrap(words.Clean(at+": "+f.Message), style.Width, 4) {
			if place := words.Clean(at); i == 0 && strings.HasPrefix(line, place) {
				line = style.paint(red, place) + line[len(place):]
			}
			out.WriteString(line + "\n")
		}
	}
	return writeTrimmed(w, out.String())
}

// shape writes 32x32x3.
func shape(sizes []int) string {
	words := make([]string, len(sizes))
	for i, n := range sizes {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, "x")
}
