package compare

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"runner/internal/stats"
	"runner/store"
)

// Answers compares the answers of a side's run on the validation split, at its best epoch, with A's: two trained
// networks, not their architectures.
type Answers struct {
	Label string `json:"label"`
	Run   string `json:"run"`
	Why   string `json:"why,omitempty"` // why nothing was counted; "": it was
	// Examples, and how many of them both have right, only A, only this one, or neither.
	Examples  int `json:"examples"`
	BothRight int `json:"both_right"`
	OnlyA     int `json:"only_a"`
	Only      int `json:"only"`
	BothWrong int `json:"both_wrong"`
	// P is the p value of McNemar's exact test, and Adjusted is Holm's over all sides compared with A; nil if nothing was
	// counted.
	P        *float64 `json:"p"`
	Adjusted *float64 `json:"p_adjusted"`
	// The examples of each label (row) that were taken for each class (column), by A and by this one.
	ConfusionA [][]int `json:"confusion_a"`
	Confusion  [][]int `json:"confusion"`
}

// answers compares the answers of each side after A with A's.
func answers(ctx context.Context, v *store.Snapshot, sides []Side) ([]Answers, error) {
	a, whyA, err := answersOf(ctx, v, sides[0])
	if err != nil {
		return nil, err
	}
	out := make([]Answers, len(sides)-1)
	var p []float64
	for i, s := range sides[1:] {
		b, why, err := answersOf(ctx, v, s)
		if err != nil {
			return nil, err
		}
		why = cmp.Or(otherData(sides[0], s), whyA, why)
		if why == "" && (a.Examples != b.Examples || len(a.Confusion) != len(b.Confusion)) {
			why = fmt.Sprintf("the answers are to %d and %d examples", a.Examples, b.Examples)
		}
		out[i] = Answers{Label: s.Label, Run: s.Run, Why: why}
		if why == "" {
			out[i].count(a, b)
			p = append(p, *out[i].P)
		}
	}
	p = stats.Holm(p)
	for i := range out {
		if out[i].Why == "" {
			out[i].Adjusted, p = &p[0], p[1:]
		}
	}
	return out, nil
}

// answersOf reads the answers of a side's run, or says why there are none.
func answersOf(ctx context.Context, v *store.Snapshot, s Side) (store.Answers, string, error) {
	answers, _, found, err := v.Answers(ctx, s.Run, store.Validation)
	switch {
	case errors.Is(err, store.ErrDamagedAnswers):
		return answers, fmt.Sprintf("the answers of run %s of %s are damaged, see 'runner store check'", s.Run, s.Label), nil
	case err != nil || found:
		return answers, "", err
	case s.run.Logged == 0:
		return answers, fmt.Sprintf("run %s of %s has no epoch yet", s.Run, s.Label), nil
	}
	return answers, fmt.Sprintf("run %s of %s is of a version that did not keep its answers", s.Run, s.Label), nil
}

func (o *Answers) count(a, b store.Answers) {
	o.Examples, o.ConfusionA, o.Confusion = a.Examples, a.Confusion, b.Confusion
	for i := range a.Examples {
		switch x, y := a.Right(i), b.Right(i); {
		case x && y:
			o.BothRight++
		case x:
			o.OnlyA++
		case y:
			o.Only++
		default:
			o.BothWrong++
		}
	}
	o.P = new(stats.McNemar(o.OnlyA, o.Only))
}

// Shift is how many examples of a label were taken for a class, by A and by another.
type Shift struct{ Label, Class, A, Other int }

// By is how many more the other side took.
func (s Shift) By() int { return s.Other - s.A }

// Shifts are the counts of the confusion matrices that differ, the greatest difference first, then
// in the order of the matrix.
func (o Answers) Shifts() []Shift {
	var out []Shift
	for label, row := range o.ConfusionA {
		for class, n := range row {
			if other := o.Confusion[label][class]; other != n {
				out = append(out, Shift{label, class, n, other})
			}
		}
	}
	slices.SortStableFunc(out, func(x, y Shift) int { return abs(y.By()) - abs(x.By()) })
	return out
}

func abs(n int) int { return max(n, -n) }
