package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"runner/store"
)

// nothing is what a person reads in place of an empty table.
const nothing = "No runs to show yet. Train some with\n  runner sweep experiments/quickstart\n"

// Leaderboard writes the standings in the order given; the store ranks those of
// each dataset apart. The table and Markdown are for reading (the dataset is a
// column where there are several); json and csv carry every digit.
func Leaderboard(w io.Writer, standings []store.Standing, format Format, style Style) error {
	switch format {
	case JSON:
		return writeJSON(w, append([]store.Standing{}, standings...)) // [] when empty, never null
	case CSV:
		return writeCSV(w, standings)
	case Markdown:
		return writeMarkdown(w, standingColumns(standings), standings)
	case Table:
		if len(standings) == 0 {
			_, err := io.WriteString(w, nothing)
			return err
		}
		return writeTable(w, standingColumns(standings), standings, style)
	}
	return unknownFormat(format)
}

func standingColumns(standings []store.Standing) []column[store.Standing] {
	type row = store.Standing
	spread, mixed := 0, false
	for _, s := range standings {
		spread = max(spread, cells(deviation(s)))
		mixed = mixed || s.Dataset != standings[0].Dataset
	}
	columns := []column[row]{
		{head: "rank", right: true, cell: func(s row) string { return fmt.Sprint(s.Rank) }},
		{head: "experiment", least: 16, ends: true, cell: func(s row) string { return nameAndOrigin(s.Experiment, s.InitFrom) }},
		{head: "dataset", cell: func(s row) string { return s.Dataset }},
		{head: "mode", drop: 6, cell: func(s row) string { return s.Mode }},
		{head: "parameters", short: "params", right: true, drop: 4, cell: func(s row) string { return human(s.Parameters) }},
		{head: "multiply-adds", short: "mult-adds", right: true, drop: 9, cell: func(s row) string { return human(s.MultiplyAdds) }},
		{head: "seeds", right: true, drop: 2, cell: func(s row) string { return fmt.Sprint(s.Seeds) }},
		{head: "val accuracy", short: "val acc", right: true, cell: func(s row) string {
			// Padded where there is no deviation, so that the percentages line up.
			d := deviation(s)
			return percentOrNone(s.ValAccuracy) + d + strings.Repeat(" ", spread-cells(d))
		}},
		{head: "best epoch", short: "best", right: true, drop: 8, cell: func(s row) string {
			if s.BestEpoch == nil {
				return none
			}
			return fmt.Sprint(*s.BestEpoch)
		}},
		{head: "test accuracy", short: "test acc", right: true, drop: 1, cell: func(s row) string { return percentOrNone(s.TestAccuracy) }},
		{head: "s/epoch", right: true, drop: 7, cell: func(s row) string {
			if s.ValAccuracy == nil { // no epoch yet
				return none
			}
			return fmt.Sprintf("%.2f", s.SecondsPerEpoch)
		}},
		{head: "status", drop: 5, cell: func(s row) string { return string(s.Status) },
			ink: func(s row) ink { return statusInk(store.Status(s.Status)) }},
	}
	if !mixed { // the same word in every row; else it stays, for the ranks are those of a dataset
		columns = slices.DeleteFunc(columns, func(c column[row]) bool { return c.head == "dataset" })
	}
	return columns
}

// deviation is " ± " and the standard deviation over seeds in percent, or
// nothing with fewer than two seeds, where there is none.
func deviation(s store.Standing) string {
	if s.Seeds < 2 || s.ValAccuracyStd == nil {
		return ""
	}
	return fmt.Sprintf(" ± %.2f", 100**s.ValAccuracyStd)
}

// nameAndOrigin tells an experiment that started from a weights file, given by
// its SHA-256, from the one of the same name that did not: "seed-cnn (from 3f2c1ab4)".
func nameAndOrigin(experiment, initFrom string) string {
	if initFrom == "" {
		return experiment
	}
	return experiment + " (from " + first(8, initFrom) + ")"
}

// statusInk colours only what wants attention.
func statusInk(status store.Status) ink {
	switch status {
	case store.Running:
		return cyan
	case store.Interrupted:
		return yellow
	case store.Failed, store.Diverged:
		return red
	}
	return plain
}
