package term

import (
	"cmp"
	"fmt"
	"slices"

	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// answers adds how a run's best epoch classified the validation split. Runs are chosen by that, not by the test split.
func (p *page) answers(r record.FullRun) {
	confusion := r.Confusion(store.Validation)
	if len(confusion) == 0 {
		p.WriteString("\n")
		p.say(plain, 2, "confusion: not on record, the best epoch is of an older version")
		return
	}
	p.head("classes of the validation split, lowest recall first")
	table(p, classColumns, byRecall(record.ByClass(confusion, r.Classes)))
	p.confusion(confusion, r.Classes)
}

// byRecall sorts classes, the lowest recall first; those without one come last.
func byRecall(rows []record.PerClass) []record.PerClass {
	// Of negative values the greatest comes first, and NaN last.
	slices.SortStableFunc(rows, func(a, b record.PerClass) int { return cmp.Compare(-b.Recall, -a.Recall) })
	return rows
}

var classColumns = []column[record.PerClass]{
	{head: "class", least: 10, cell: func(r record.PerClass) string { return r.Class }},
	{head: "examples", right: true, drop: 1, cell: func(r record.PerClass) string { return fmt.Sprint(r.Examples) }},
	{head: "recall", right: true,
		cell: func(r record.PerClass) string { return words.Percent(float64(r.Recall)) }},
	{head: "precision", right: true,
		cell: func(r record.PerClass) string { return words.Percent(float64(r.Precision)) }},
}
