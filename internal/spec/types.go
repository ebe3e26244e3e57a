package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a file that a person wrote. Line and Column count from 1. With Line 0
// File alone tells the place, such as "--set optimizer.adam.learning_rate=x".
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

// Enough is how many faults of a file a person reads at once.
const Enough = 100

// Told is the faults of a file as they are told: sorted, each once and, of more than Enough, the
// first and how many more there are.
func (f Faults) Told() Faults {
	told := f.Distinct()
	told.Sort()
	if more := len(told) - Enough; more > 0 {
		told = append(told[:Enough], Fault{told[Enough].Pos, fmt.Sprintf("and at least %d more faults", more)})
	}
	return told
}

// NodeKind is the type of a [Node], as in YAML's core schema.
type NodeKind uint8

const (
	Null NodeKind = iota
	Bool
	Int
	Float
	String
	List
	Map
)

// Node is a YAML value with its position. The field named after Kind holds the value. String
// also holds a Bool's, Int's or Float's text as it was written, or "" where nobody wrote it.
// The zero Node is a Null.
type Node struct {
	Pos    Pos
	Kind   NodeKind
	Bool   bool
	Int    int64
	Float  float64
	String string
	List   []Node
	Map    []Entry // in the order of the file, keys unique
}

// Entry is one key of a map, its position and its value.
type Entry struct {
	Key    string
	KeyPos Pos
	Value  Node
}

// Item is a choice among kinds, with its arguments: a dataset, a layer, an optimizer, an
// initialiser.
// It is written "kind", "kind: {arguments}" or "kind: scalar".
type Item struct {
	Kind  string
	Pos   Pos    // of the kind's word
	Where string // what messages call it: "optimizer", "layers[3]"; "" where nobody wrote it
	Args  Node   // Null when there are none
}

// Mode tells how much of a dataset is trained on.
type Mode string

const (
	SingleBatch Mode = "single-batch" // one batch file: Experiment.DataBatch
	Full        Mode = "full"         // all batch files
)

// Loaded is what one file holds: nothing to run when it is abstract, one experiment, or
// every run of a sweep.
type Loaded struct {
	Abstract    bool
	Experiments []*Experiment
	// Partial is what could be read of a file with faults: not to be run, but for those who
	// know layers and optimizers to tell what else is wrong.
	Partial []*Experiment
}
