package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"runner/store"
)

// writeAnswers writes what a run's best epoch said of the validation split: choosing
// happens there, not on the test split.
func writeAnswers(w io.Writer, r FullRun, style Style) error {
	confusion := r.confusion(store.Validation)
	if len(confusion) == 0 {
		line := strings.Join(wrap("confusion: not on record, the best epoch is of an older version", style.Width, 2), "\n")
		_, err := io.WriteString(w, "\n"+line+"\n")
		return err
	}
	if err := writeTitle(w, "classes of the validation split, lowest recall first", style); err != nil {
		return err
	}
	if err := writeClasses(w, byClass(confusion, r.Classes), style); err != nil {
		return err
	}
	return writeConfusion(w, confusion, r.Classes, style)
}

// perClass is how well one class is told from the others.
type perClass struct {
	Class     string `json:"class"`
	Examples  int    `json:"examples"`  // with that label
	Predicted int    `json:"predicted"` // taken for that class, rightly or not
	Recall    number `json:"recall"`    // the fraction of its examples that are taken for it
	Precision number `json:"precision"` // the fraction of what is taken for it that has its label
}

// byClass sums a confusion matrix up, in the order of its classes; never nil. A
// fraction of nothing is NaN.
func byClass(confusion [][]int, classes []string) []perClass {
	rows := make([]perClass, len(confusion))
	for label, row := range confusion {
		rows[label].Class = className(classes, label)
		for predicted, n := range row {
			rows[label].Examples += n
			rows[predicted].Predicted += n
		}
	}
	for i := range rows {
		right := float64(confusion[i][i])
		rows[i].Recall = number(right / float64(rows[i].Examples))
		rows[i].Precision = number(right / float64(rows[i].Predicted))
	}
	return rows
}

// writeClasses draws a table of the classes, the one with the lowest recall first.
func writeClasses(w io.Writer, rows []perClass, style Style) error {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b perClass) int {
		switch {
		case a.Recall < b.Recall, finite(float64(a.Recall)) && !finite(float64(b.Recall)):
			return -1
		case a.Recall > b.Recall, finite(float64(b.Recall)) && !finite(float64(a.Recall)):
			return 1
		}
		return 0
	})
	return writeTable(w, []column[perClass]{
		{head: "class", least: 10, cell: func(r perClass) string { return r.Class }},
		{head: "examples", right: true, drop: 1, cell: func(r perClass) string { return fmt.Sprint(r.Examples) }},
		{head: "recall", right: true, cell: func(r perClass) string { return percent(float64(r.Recall)) }},
		{head: "precision", right: true, cell: func(r perClass) string { return percent(float64(r.Precision)) }},
	}, rows, style)
}
