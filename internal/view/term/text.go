package term

import (
	"fmt"
	"strings"

	"runner/internal/standing"
	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// TextColumn is a column of a table as text, for a page that draws the table itself.
type TextColumn struct {
	Key   string // its name in JSON; empty where nobody asks for it
	Head  string
	Right bool // aligned at the right
	Cells []string
}

// BoardText is the text of the leaderboard, without its curves.
func BoardText(b standing.Board) []TextColumn {
	var columns []column[standing.Standing]
	for _, c := range boardColumns(b) {
		if c.key != "curve" {
			columns = append(columns, c)
		}
	}
	return texts(columns, b.Standings)
}

// EpochText is the text of epochs; best is the one to mark.
func EpochText(epochs []store.Epoch, best int) []TextColumn {
	return texts(epochColumns(best), epochs)
}

// RunText is the text of the runs of an experiment.
func RunText(runs []record.FullRun) []TextColumn {
	type row = record.FullRun
	return texts([]column[row]{
		{head: "run", cell: func(r row) string { return r.ID }},
		{head: "seed", right: true, cell: func(r row) string { return fmt.Sprint(r.Seed) }},
		{head: "epochs", right: true, cell: func(r row) string { return fmt.Sprintf("%d/%d", r.Logged, r.Run.Epochs) }},
		{head: "val accuracy", right: true, cell: func(r row) string { return words.PercentOrNone(r.BestValAccuracy) }},
		{head: "test accuracy", right: true, cell: func(r row) string { return words.PercentOrNone(r.TestAccuracy) }},
		{head: "seconds", right: true, cell: func(r row) string { return fmt.Sprintf("%.1f", r.Seconds) }},
		{head: "status", cell: func(r row) string { return statusAndWhy(r.Run) }},
	}, runs)
}

func texts[T any](columns []column[T], rows []T) []TextColumn {
	var out []TextColumn
	for _, l := range lay(columns, rows) {
		for i, text := range l.text {
			l.text[i] = strings.TrimSpace(text)
		}
		out = append(out, TextColumn{l.key, l.head, l.right, l.text})
	}
	return out
}

// Notes say how the rows of a board were compared, and what its signs mean.
func Notes(b standing.Board) []string {
	var notes []string
	if signs := notesOf(lay(boardColumns(b), b.Standings)); signs != "" {
		notes = append(notes, signs+".")
	}
	for _, note := range boardNotes(b) {
		notes = append(notes, words.Clean(note))
	}
	return notes
}
