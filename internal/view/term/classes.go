package term

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// writeAnswers writes the answers of a run's best epoch on the validation split: networks are chosen by it, never by
// the test split.
func writeAnswers(w io.Writer, r record.FullRun, style Style) error {
	confusion := r.Confusion(store.Validation)
	if len(confusion) == 0 {
		line := strings.Join(words.Wrap("confusion: not on record, the best epoch is of an older version", style.Width, 2), "\n")
		_, err := io.WriteString(w, "\n"+line+"\n")
		return err
	}
	if err := writeTitle(w, "classes of the validation split, lowest recall first", style); err != nil {
		return err
	}
	if err := writeClasses(w, record.ByClass(confusion, r.Classes), style); err != nil {
		return err
	}
	return writeConfusion(w, confusion, r.Classes, style)
}

// writeClasses writes a table of the classes, the one with the lowest recall first.
func writeClasses(w io.Writer, rows []record.PerClass, style Style) error {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b record.PerClass) int {
		switch {
		case a.Recall < b.Recall, words.Finite(float64(a.Recall)) && !words.Finite(float64(b.Recall)):
			return -1
		case a.Recall > b.Recall, words.Finite(float64(b.Recall)) && !words.Finite(float64(a.Recall)):
			return 1
		}
		return 0
	})
	return writeTable(w, []column[record.PerClass]{
		{head: "class", least: 10, cell: func(r record.PerClass) string { return r.Class }},
		{head: "examples", right: true, drop: 1, cell: func(r record.PerClass) string { return fmt.Sprint(r.Examples) }},
		{head: "recall", right: true, cell: func(r record.PerClass) string { return words.Percent(float64(r.Recall)) }},
		{head: "precision", right: true, cell: func(r record.PerClass) string { return words.Percent(float64(r.Precision)) }},
	}, rows, style)
}
