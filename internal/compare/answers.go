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

// Answers holds what a side's run said of the validation examples, at its best epoch, against A's.
// Two networks are compared here, not their architectures.
type Answers struct {
	Label string `json:"label"`
	Run   string `json:"run"`
	Why   string `json:"why,omitempty"` // there is nothing to count; "": there is
	// Examples, and those of them that both have right, A alone, this one alone, or neither.
	Examples  int `json:"examples"`
	BothRight int `json:"both_right"`
	OnlyA     int `json:"only_a"`
	Only      int `json:"only"`
	BothWrong int `json:"both_wrong"`
	// P is McNemar's exact p value that both are equally often right, and Adjusted Holm's over all
	// that are held against A; nil where Why says why.
	P        *float64 `json:"p"`
	Adjusted *float64 `json:"p_adjusted"`
	// The examples of each label (row) that were taken for each class (column), by A and by this one.
	ConfusionA [][]int `json:"confusion_a"`
	Confusion  [][]int `json:"confusion"`
}

// answers holds the answers of each side after A against A's.
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

// answersOf reads the answers of a side's run, and says why where there are none.
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

// By is how many more the other took.
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
