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

// compareLayers adds A's layers in full, and what differs in the others.
func (p *page) compareLayers(c compare.Comparison) {
	rows := layerRows(c.Layers, 0)
	var columns []column[layerRow]
	n := len(c.Sides)
	for i, s := range c.Sides {
		columns = append(columns, column[layerRow]{head: s.Label, least: 26,
			cell: func(r layerRow) string { return r.texts[i] }, ink: func(r layerRow) ink { return r.inks[i] }})
	}
	for i, s := range c.Sides {
		columns = append(columns, costColumn(
			column[layerRow]{head: "parameters " + s.Label, short: "params " + s.Label, drop: n - i}, rows,
			func(r layerRow) (of, a *int64) { return r.parameters[i], r.parameters[0] }))
	}
	for i, s := range c.Sides {
		columns = append(columns, costColumn(
			column[layerRow]{head: "multiply-adds " + s.Label, short: "mult-adds " + s.Label, drop: 2*n - i}, rows,
			func(r layerRow) (of, a *int64) { return r.multiplyAdds[i], r.multiplyAdds[0] }))
	}
	table(p, columns, rows)
	p.notes("=: as in A; ~: changed; +: added; -: removed. " +
		"Arguments at their defaults are left out, but for a pooling layer's stride.")
}

// layerRows lists places, each followed by those inside its layers.
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

// costColumn fills in a column of costs, each with its difference from A's; nil is unknown or does not exist.
func costColumn[T any](c column[T], rows []T, costs func(T) (of, a *int64)) column[T] {
	change := aligned(rows, func(row T) string {
		if of, a := costs(row); of != nil && a != nil {
			if text := words.Relative(*a, *of); text != "" {
				return " " + text
			}
		}
		return ""
	})
	c.right = true
	c.cell = func(row T) string {
		of, _ := costs(row)
		if of == nil {
			return words.None
		}
		return words.Human(*of) + change(row)
	}
	return c
}
