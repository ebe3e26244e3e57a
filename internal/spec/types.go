package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a file. Line and Column count from 1. With Line 0 File alone is the place,
// such as "--set optimizer.adam.learning_rate=x".
type Pos struct {
	File         string
	Line, Column int
}

func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// fault is one fault at the place; its message begins with where, unless that is empty.
func (p Pos) fault(where, format string, args ...any) Faults {
	message := fmt.Sprintf(format, args...)
	if where != "" {
		message = where + ": " + message
	}
	return Faults{{p, message}}
}

// Fault is one thing that is wrong with a file, and where.
type Fault struct {
	Pos     Pos
	Message string
}

func (f Fault) String() string { return f.Pos.String() + ": " + f.Message }

// Faults is everything that is wrong; none means valid. As an error it is one fault a line.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.String()
	}
	return strings.Join(lines, "\n")
}

// Sort orders the faults by file, line and column, and keeps the order of equal places.
func (f Faults) Sort() {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
		)
	})
}

// Distinct returns each fault once, in order: the points of a grid share theirs.
func (f Faults) Distinct() Faults {
	seen := make(map[Fault]bool, len(f))
	var kept Faults
	for _, fault := range f {
		if !seen[fault] {
			seen[fault] = true
			kept = append(kept, fault)
		}
	}
	return kept
}

// Enough is how many faults of a file a person reads at once.
const Enough = 100

// Told returns the faults for a person to read: sorted, each once and, of more than Enough, the
// first and how many more there are.
func (f Faults) Told() Faults {
	sorted := f.Distinct()
	sorted.Sort()
	if more := len(sorted) - Enough; more > 0 {
		sorted = append(sorted[:Enough], Fault{sorted[Enough].Pos, fmt.Sprintf("and at least %d more faults", more)})
	}
	return sorted
}
