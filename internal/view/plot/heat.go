package plot

import (
	"fmt"
	"image/color"
	"strconv"

	"runner/internal/compare"
	"runner/internal/view/words"
)

// Heat is a matrix over classes: a row for the class of the examples, a column for what they were taken for.
type Heat struct {
	Title   string
	Classes []string // their names, or numbers where no names are on record
	Cells   [][]Cell
	Most    int // the greatest absolute difference in a matrix of differences, 0 in one of counts
}

// Cell is a number of a matrix.
type Cell struct {
	Count int
	Text  string  // empty for a difference of 0
	Kind  Kind    // what the count says
	Share float64 // how strong its colour is, 0 to 1
}

// Kind is what a number says, and so its colour.
type Kind int

// The kinds of numbers: right and wrong answers, and more or fewer answers than another run gave.
const (
	Right Kind = iota
	Wrong
	More
	Less
)

// Color is the full colour of a kind.
func (k Kind) Color() color.RGBA {
	return []color.RGBA{RightColor, WrongColor, MoreColor, LessColor}[k]
}

// Color is the colour of a cell on white.
func (c Cell) Color() color.RGBA { return shaded(c.Kind.Color(), c.Share) }

// Ink is black or white, whichever is easier to read on the cell's colour.
func (c Cell) Ink() color.RGBA {
	if luminance(c.Color()) > 0.179 { // where both contrasts are equal
		return color.RGBA{0, 0, 0, 0xff}
	}
	return color.RGBA{0xff, 0xff, 0xff, 0xff}
}

// Confusion is a confusion matrix of counts. A cell is as strong as its share of the row: right answers relative to the
// greatest such share of a right answer, wrong ones to that of a wrong one.
func Confusion(title string, counts [][]int, classes []string) Heat {
	h := newHeat(title, counts, classes)
	var most [2]float64 // by kind
	for i, row := range h.Cells {
		all := 0
		for _, c := range row {
			all += c.Count
		}
		for j := range row {
			c := &row[j]
			if c.Text = strconv.Itoa(c.Count); i != j {
				c.Kind = Wrong
			}
			c.Share = float64(c.Count) / float64(max(all, 1))
			most[c.Kind] = max(most[c.Kind], c.Share)
		}
	}
	for _, row := range h.Cells {
		for j, c := range row {
			if c.Share > 0 {
				row[j].Share /= most[c.Kind]
			}
		}
	}
	return h
}

// Shifts is the confusion matrix of a run less that of A's.
func Shifts(a compare.Answers, classes []string) Heat {
	h := newHeat(fmt.Sprintf("confusion on validation, %s less A", a.Label), a.Confusion, classes)
	h.Most = 1
	for i, row := range h.Cells {
		for j := range row {
			c := &row[j]
			c.Count -= a.ConfusionA[i][j]
			if c.Kind = More; c.Count < 0 {
				c.Kind = Less
			}
			if c.Count != 0 {
				c.Text = fmt.Sprintf("%+d", c.Count)
			}
			h.Most = max(h.Most, c.Count, -c.Count)
		}
	}
	for _, row := range h.Cells {
		for j, c := range row {
			row[j].Share = float64(max(c.Count, -c.Count)) / float64(h.Most)
		}
	}
	return h
}

func newHeat(title string, counts [][]int, classes []string) Heat {
	h := Heat{Title: title}
	for i, row := range counts {
		h.Classes = append(h.Classes, words.Clean(words.ClassName(classes, i)))
		cells := make([]Cell, len(row))
		for j, n := range row {
			cells[j].Count = n
		}
		h.Cells = append(h.Cells, cells)
	}
	return h
}
