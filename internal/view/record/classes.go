package record

import (
	"runner/internal/view/words"
)

// PerClass is how well a class is recognised.
type PerClass struct {
	Class     string `json:"class"`
	Examples  int    `json:"examples"`  // with that label
	Predicted int    `json:"predicted"` // taken for that class, rightly or not
	Recall    Number `json:"recall"`    // the fraction of its examples that are taken for it
	Precision Number `json:"precision"` // the fraction of what is taken for it that has its label
}

// ByClass sums up a confusion matrix by class. The result is never nil; a fraction of nothing is NaN.
func ByClass(confusion [][]int, classes []string) []PerClass {
	rows := make([]PerClass, len(confusion))
	for label, row := range confusion {
		rows[label].Class = words.ClassName(classes, label)
		for predicted, n := range row {
			rows[label].Examples += n
			rows[predicted].Predicted += n
		}
	}
	for i := range rows {
		right := float64(confusion[i][i])
		rows[i].Recall = Number(right / float64(rows[i].Examples))
		rows[i].Precision = Number(right / float64(rows[i].Predicted))
	}
	return rows
}
