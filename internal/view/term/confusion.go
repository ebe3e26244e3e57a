package term

import (
	"cmp"
	"fmt"
	"slices"

	"runner/internal/view/plot"
	"runner/internal/view/words"
)

const (
	leastClass   = 4  // cells of a class name over a column
	mostLabel    = 12 // cells of a class name before a row
	mostConfused = 10 // lines of the list that replaces a matrix
)

// confusion adds a confusion matrix, with class names cut as far as needed, or the most frequent confusions where a
// matrix has no room.
func (p *page) confusion(confusion [][]int, classes []string) {
	h := plot.Confusion("confusion on validation: labels in rows, predictions in columns", confusion, classes)
	longest := 0
	for _, name := range h.Classes {
		longest = max(longest, words.Cells(name))
	}
	label := longest
	if p.style.Width > 0 {
		label = min(longest, mostLabel)
	}
	for room := longest; room >= min(leastClass, longest); room-- {
		columns, width := heatColumns(h, label, room)
		if p.style.Width > 0 && width > p.style.Width {
			continue
		}
		p.head(h.Title)
		rows := make([]int, len(h.Cells))
		for i := range rows {
			rows[i] = i
		}
		table(p, columns, rows)
		return
	}
	p.confused(h)
}

// heatColumns returns the columns of a matrix, with class names cut to label cells before the rows and to room cells
// over the columns, and how wide they are together.
func heatColumns(h plot.Heat, label, room int) (columns []column[int], width int) {
	columns = []column[int]{{cell: func(i int) string { return words.Shorten(h.Classes[i], label) }}}
	width = label
	for j, name := range h.Classes {
		name = words.Head(name, room)
		cells := words.Cells(name)
		for _, row := range h.Cells {
			cells = max(cells, len(row[j].Text))
		}
		width += gap + cells
		columns = append(columns, column[int]{
			head: name, right: true,
			cell: func(i int) string { return fmt.Sprintf("%*s", cells, h.Cells[i][j].Text) }, // all of it is shaded
			ink:  func(i int) ink { return shade(h.Cells[i][j]) },
		})
	}
	return columns, width
}

func shade(c plot.Cell) ink {
	switch {
	case c.Count == 0:
		return dim
	case c.Share < 0.1:
		return plain
	}
	front, back := c.Ink(), c.Color()
	return ink(fmt.Sprintf("38;2;%d;%d;%d;48;2;%d;%d;%d", front.R, front.G, front.B, back.R, back.G, back.B))
}

// confused is how many examples of one class are taken for another.
type confused struct {
	label, predicted string
	examples         int
}

// confused adds the most frequent confusions.
func (p *page) confused(h plot.Heat) {
	var all []confused
	for i, row := range h.Cells {
		for j, c := range row {
			if c.Kind == plot.Wrong && c.Count > 0 {
				all = append(all, confused{h.Classes[i], h.Classes[j], c.Count})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b confused) int { return cmp.Compare(b.examples, a.examples) })
	p.head("most frequent confusions on validation")
	table(p, []column[confused]{
		{head: "label", least: 8, cell: func(c confused) string { return c.label }},
		{head: "taken for", least: 9, cell: func(c confused) string { return c.predicted }},
		{head: "examples", right: true, cell: func(c confused) string { return fmt.Sprint(c.examples) }},
	}, all[:min(len(all), mostConfused)])
}
