package html

import (
	"fmt"
	"math"

	"runner/internal/view/plot"
	"runner/internal/view/record"
)

func newConfusion(a record.SplitAnswers, classes []string) plot.Heat {
	return plot.Confusion(fmt.Sprintf("%s split after epoch %d: %.2f%% of %d examples right",
		a.Split, a.Epoch, 100*a.Accuracy(), a.Examples), a.Confusion, classes)
}

// shades is the number of shades of a colour in page.css.
const shades = 8

// shade is the class of a cell's style: r1 to r8 where the answers were right, w1 to w8 where they were wrong, none for
// 0.
func shade(c plot.Cell) string {
	if c.Count == 0 {
		return ""
	}
	kind := "r"
	if c.Kind == plot.Wrong {
		kind = "w"
	}
	return fmt.Sprint(kind, max(1, math.Round(shades*c.Share)))
}
