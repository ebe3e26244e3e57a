package words

import "runner/internal/compare"

// MostShifts is how many shifts people are shown.
const MostShifts = 10

func ShiftText(classes []string, s compare.Shift) string {
	if s.Label == s.Class {
		return ClassName(classes, s.Label) + " right"
	}
	return ClassName(classes, s.Label) + " taken for " + ClassName(classes, s.Class)
}
