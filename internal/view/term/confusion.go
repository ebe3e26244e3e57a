package term

import (
	"fmt"
	"io"
	"slices"

	"runner/internal/view/words"
)

const (
	leastClass   = 4  // cells of a class name over a column
	mostLabel    = 12 // cells of a class name before a row
	mostConfused = 10 // lines of the list that stands for a matrix
)

// writeConfusion draws a confusion matrix under a title, or where that has no room
// the most frequent confusions.
func writeConfusion(w io.Writer, confusion [][]int, classes []string, style Style) error {
	names, longest := make([]string, len(confusion)), 0
	for i := range names {
		names[i] = words.Clean(words.ClassName(classes, i))
		longest = max(longest, words.Cells(names[i]))
	}
	label := longest
	if style.Width > 0 {
		label = min(longest, mostLabel)
	}
	for room := longest; room >= min(leastClass, longest); room-- {
		heads, widths := matrixColumns(confusion, names, room)
		total := label
		for _, width := range widths {
			total += gap + width
		}
		if style.Width == 0 || total <= style.Width {
			return writeMatrix(w, confusion, names, label, heads, widths, style)
		}
	}
	return writeConfused(w, confusion, names, style)
}

// matrixColumns returns the heads of a confusion matrix's columns, names cut to room
// cells, and how wide the columns are.
func matrixColumns(confusion [][]int, names []string, room int) (heads []string, widths []int) {
	for j, name := range names {
		name = words.Head(name, room)
		width := words.Cells(name)
		for _, row := range confusion {
			width = max(width, len(fmt.Sprint(row[j])))
		}
		heads, widths = append(heads, name), append(widths, width)
	}
	return heads, widths
}

// writeMatrix draws a confusion matrix: a row a label, its name cut to so many cells,
// and a column a prediction.
func writeMatrix(w io.Writer, confusion [][]int, names []string, label int, heads []string, widths []int, style Style) error {
	if err := writeTitle(w, "confusion on validation: labels in rows, predictions in columns", style); err != nil {
		return err
	}
	shade := words.Shading(confusion)
	columns := []column[int]{{cell: func(i int) string { return words.Shorten(names[i], label) }}}
	for j, name := range heads {
		columns = append(columns, column[int]{
			head: name, right: true,
			// As wide as the column, so that the shade is.
			cell: func(i int) string { return fmt.Sprintf("%*d", widths[j], confusion[i][j]) },
			ink: func(i int) ink {
				switch x := shade(i, j); {
				case confusion[i][j] == 0:
					return dim
				case x < 0.1:
					return plain
				default:
					c := words.CellColor(i, j, x)
					return ink(fmt.Sprintf("38;2;0;0;0;48;2;%d;%d;%d", c.R, c.G, c.B))
				}
			},
		})
	}
	labels := make([]int, len(names))
	for i := range labels {
		labels[i] = i
	}
	return writeTable(w, columns, labels, style)
}

// confused is how many examples of one class are taken for another.
type confused struct {
	label, predicted string
	examples         int
}

// writeConfused lists the most frequent confusions.
func writeConfused(w io.Writer, confusion [][]int, names []string, style Style) error {
	var all []confused
	for i, row := range confusion {
		for j, n := range row {
			if i != j && n > 0 {
				all = append(all, confused{names[i], names[j], n})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b confused) int { return b.examples - a.examples })
	if err := writeTitle(w, "most frequent confusions on validation", style); err != nil {
		return err
	}
	return writeTable(w, []column[confused]{
		{head: "label", least: 8, cell: func(c confused) string { return c.label }},
		{head: "taken for", least: 9, cell: func(c confused) string { return c.predicted }},
		{head: "examples", right: true, cell: func(c confused) string { return fmt.Sprint(c.examples) }},
	}, all[:min(len(all), mostConfused)], style)
}

// writeTitle writes the title of a part, after an empty line.
func writeTitle(w io.Writer, title string, style Style) error {
	text := "\n"
	for _, line := range words.Wrap(title, style.Width, 2) {
		text += style.paint(bold, line) + "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}
