package term

import (
	"fmt"
	"strings"

	"runner/internal/compare"
	"runner/internal/view/words"
)

// layerRow is one row of the aligned networks.
type layerRow struct {
	texts                    []string // of each side
	inks                     []ink
	parameters, multiplyAdds []*int64 // of each side; nil: not known, or no layer
}

// compareLayers writes A's layers in full, and what is different in the others.
func compareLayers(p output, c compare.Comparison) error {
	rows := layerRows(c.Layers, 0)
	var columns []column[layerRow]
	n := len(c.Sides)
	for i, s := range c.Sides {
		columns = append(columns, column[layerRow]{head: s.Label, least: 26,
			cell: func(r layerRow) string { return r.texts[i] }, ink: func(r layerRow) ink { return r.inks[i] }})
	}
	for i, s := range c.Sides {
		columns = append(columns, costColumn("parameters "+s.Label, "params "+s.Label, n-i, rows,
			func(r layerRow) (of, a *int64) { return r.parameters[i], r.parameters[0] }))
	}
	for i, s := range c.Sides {
		columns = append(columns, costColumn("multiply-adds "+s.Label, "mult-adds "+s.Label, 2*n-i, rows,
			func(r layerRow) (of, a *int64) { return r.multiplyAdds[i], r.multiplyAdds[0] }))
	}
	if err := writeRows(p, columns, rows); err != nil {
		return err
	}
	return writeNotes(p.w, []string{"=: as in A; ~: changed; +: added; -: removed. Arguments at their defaults are left out, but for a pooling layer's stride."}, p.style)
}

// layerRows puts the layers inside others below these.
func layerRows(layers []compare.Row, depth int) []layerRow {
	var rows []layerRow
	for _, r := range layers {
		row := layerRow{}
		for i, cell := range r.Sides {
			text, shade := layerCell(cell, r.List, i == 0)
			if text != "" {
				text = inside(depth) + text
			}
			row.texts, row.inks = append(row.texts, text), append(row.inks, shade)
			var parameters, multiplyAdds *int64
			if cell.Layer != nil {
				parameters, multiplyAdds = cell.Layer.Parameters, cell.Layer.MultiplyAdds
			}
			row.parameters, row.multiplyAdds = append(row.parameters, parameters), append(row.multiplyAdds, multiplyAdds)
		}
		rows = append(append(rows, row), layerRows(r.Children, depth+1)...)
	}
	return rows
}

// layerCell is a side's cell in a row of a list.
func layerCell(c compare.Cell, list string, first bool) (string, ink) {
	switch {
	case c.Status == compare.Removed:
		return "-", red
	case c.Layer == nil:
		return "", plain
	case first:
		return layerText(list, *c.Layer), plain
	case c.Status == compare.Added:
		return "+ " + layerText(list, *c.Layer), green
	case c.Status == compare.Changed && len(c.Changes) == 0:
		return "~ inside", yellow
	case c.Status == compare.Changed:
		parts := make([]string, len(c.Changes))
		for i, change := range c.Changes {
			parts[i] = fmt.Sprintf("%s -> %s", orNone(change.From), orNone(change.To))
			if change.Key != "" {
				parts[i] = change.Key + ": " + parts[i]
			}
		}
		return "~ " + strings.Join(parts, ", "), yellow
	}
	return "=", dim
}

// layerText is a layer as a file writes it, without defaults. Lists inside a layer are named, except "layers".
func layerText(list string, l compare.Layer) string {
	var parts []string
	for _, a := range l.Args {
		switch {
		case a.Default:
		case a.Key == "":
			parts = append(parts, a.Value)
		default:
			parts = append(parts, a.Key+": "+a.Value)
		}
	}
	text := strings.TrimSpace(l.Kind + " " + strings.Join(parts, ", "))
	if list != "" && list != "layers" {
		return list + ": " + text
	}
	return text
}

// costColumn is a column of costs, each with its difference from A's; nil is unknown or does not exist.
func costColumn[T any](head, short string, drop int, rows []T, costs func(T) (of, a *int64)) column[T] {
	change := func(row T) string {
		if of, a := costs(row); of != nil && a != nil {
			return words.Relative(*a, *of)
		}
		return ""
	}
	spread := 0
	for _, row := range rows {
		spread = max(spread, words.Cells(change(row)))
	}
	return column[T]{head: head, short: short, right: true, drop: drop, cell: func(row T) string {
		of, _ := costs(row)
		if of == nil {
			return words.None
		}
		text := words.Human(*of)
		if spread > 0 { // so that the counts line up
			text += " " + change(row) + strings.Repeat(" ", spread-words.Cells(change(row)))
		}
		return text
	}}
}
