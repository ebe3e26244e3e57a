package words

import (
	"fmt"

	"runner/internal/compare"
)

// MostShifts is how many counts that changed a person is shown.
const MostShifts = 10

func ShiftText(classes []string, s compare.Shift) string {
	if s.Label == s.Class {
		return ClassName(classes, s.Label) + " right"
	}
	return ClassName(classes, s.Label) + " taken for " + ClassName(classes, s.Class)
}

// CurveKey says what a curve is of.
func CurveKey(s compare.Side, one compare.Curve) string {
	of := fmt.Sprintf("mean over %d seeds", s.Seeds)
	switch {
	case len(one.Points) == 0:
		of = "no epoch"
	case one.OneRun || s.Seeds == 1:
		of = fmt.Sprintf("seed %d", s.Seed)
	}
	return fmt.Sprintf("%s %s, %s", s.Label, Clean(s.Experiment), of)
}
