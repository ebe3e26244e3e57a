package html

import (
	"fmt"
	"math"
	"strconv"

	"runner/internal/view/record"
)

// confusion is a confusion matrix as a table.
type confusion struct {
	Caption string
	Classes []string
	Rows    []confusionRow
}

type confusionRow struct {
	Class string // the label
	Cells []shaded
}

// shaded is a number and the class of its cell's style: r1 to r8 where the answer was right, w1 to w8
// where it was wrong, none for 0.
type shaded struct {
	Count int
	Shade string
}

// shades is the number of shades of a colour in page.css.
const shades = 8

func newConfusion(a record.SplitAnswers, classes []string) confusion {
	c := confusion{
		Caption: fmt.Sprintf("%s split after epoch %d: %.2f%% of %d examples right", a.Split, a.Epoch, 100*a.Accuracy(), a.Examples),
		Classes: make([]string, len(a.Confusion)),
	}
	for i := range c.Classes {
		c.Classes[i] = strconv.Itoa(i)
		if len(classes) == len(a.Confusion) {
			c.Classes[i] = classes[i]
		}
	}
	for label, counts := range a.Confusion {
		row := confusionRow{Class: c.Classes[label]}
		all := 0
		for _, n := range counts {
			all += n
		}
		for class, n := range counts {
			cell := shaded{Count: n}
			if n > 0 {
				kind := "w"
				if class == label {
					kind = "r"
				}
				// The root of the share: of few examples that were mistaken one sees which are more.
				cell.Shade = kind + strconv.Itoa(max(1, int(math.Round(shades*math.Sqrt(float64(n)/float64(all))))))
			}
			row.Cells = append(row.Cells, cell)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}
