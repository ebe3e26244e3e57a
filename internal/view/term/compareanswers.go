package term

import (
	"fmt"
	"strings"

	"github.com/guptarohit/asciigraph"

	"runner/internal/compare"
	"runner/internal/view/plot"
	"runner/internal/view/words"
)

// compareAnswers writes how many examples only one of two runs is right about.
func compareAnswers(p output, c compare.Comparison) error {
	type row = compare.Answers
	var rows []row
	var notes []string
	for _, a := range c.Answers {
		if a.Why == "" {
			rows = append(rows, a)
			continue
		}
		notes = append(notes, fmt.Sprintf("%s is not compared with A: %s.", a.Label, a.Why))
	}
	if len(rows) == 0 {
		return p.say(strings.Join(notes, " "))
	}
	only := "only other"
	if len(c.Answers) == 1 {
		only = "only " + c.Answers[0].Label
	}
	err := writeRows(p, []column[row]{
		{head: "", cell: func(a row) string { return a.Label }},
		{head: "run", drop: 1, cell: func(a row) string { return a.Run }},
		{head: "both right", right: true, cell: func(a row) string { return words.Grouped(int64(a.BothRight)) }},
		{head: "only A", right: true, cell: func(a row) string { return words.Grouped(int64(a.OnlyA)) }},
		{head: only, right: true, cell: func(a row) string { return words.Grouped(int64(a.Only)) }},
		{head: "both wrong", right: true, cell: func(a row) string { return words.Grouped(int64(a.BothWrong)) }},
		{head: "p", right: true, cell: func(a row) string { return words.Probability(*a.Adjusted) }},
	}, rows)
	if err != nil {
		return err
	}
	test := fmt.Sprintf("McNemar's exact test against run %s (A)", c.Sides[0].Run)
	if len(rows) > 1 {
		test += fmt.Sprintf(", Holm over %d pairs", len(rows))
	}
	notes = append(notes, test+": it compares these trained networks, not their architectures.")
	return writeNotes(p.w, notes, p.style)
}

// compareShifts writes the counts of the confusion matrix that differ most from A's.
func compareShifts(p output, c compare.Comparison, a compare.Answers) error {
	type row = compare.Shift
	shifts := a.Shifts()
	if len(shifts) == 0 {
		return p.say("No count of the confusion matrix differs.")
	}
	shown := shifts[:min(words.MostShifts, len(shifts))]
	err := writeRows(p, []column[row]{
		{head: "examples", least: 20, cell: func(s row) string { return words.ShiftText(c.Classes, s) }},
		{head: "A", right: true, cell: func(s row) string { return words.Grouped(int64(s.A)) }},
		{head: a.Label, right: true, cell: func(s row) string { return words.Grouped(int64(s.Other)) }},
		{head: "change", right: true, cell: func(s row) string { return fmt.Sprintf("%+d", s.By()) }, ink: func(s row) ink {
			if (s.Label == s.Class) == (s.By() > 0) {
				return green
			}
			return red
		}},
	}, shown)
	if more := len(shifts) - len(shown); err == nil && more > 0 {
		err = writeNotes(p.w, []string{fmt.Sprintf("%d smaller changes are in --format json and --figure.", more)}, p.style)
	}
	return err
}

// lineInks are near plot.LineColors, among the 256 colours of terminals.
var lineInks = []asciigraph.AnsiColor{32, 166, 36, 175, 178, 74, 245}

// compareCurves draws the validation accuracies over each other, each in its letter; empty without two epochs.
func compareCurves(p output, c compare.Comparison) string {
	curves := plot.ComparedAccuracies(c).WithoutBands()
	var letters []asciigraph.CharSet
	var inks []asciigraph.AnsiColor
	for _, l := range curves.Lines {
		letters, inks = append(letters, asciigraph.CreateCharSet(l.Label)), append(inks, lineInks[l.Style])
	}
	var legend []string
	for i := range c.Curves {
		name := plot.CurveName(c, i)
		if p.style.Width > 0 {
			name = words.ShortenMiddle(name, p.style.Width)
		}
		legend = append(legend, p.style.paint(ink(fmt.Sprintf("38;5;%d", lineInks[i])), name))
	}
	options := []asciigraph.Option{asciigraph.SeriesChars(letters...)}
	if p.style.Color {
		options = append(options, asciigraph.SeriesColors(inks...))
	}
	text := drawPlot(curves, p.style.Width, options...)
	if text == "" {
		return ""
	}
	if p.format == words.Markdown { // where single line breaks are spaces
		return "```text\n" + text + "\n\n" + strings.Join(legend, "\n") + "\n```\n"
	}
	return text + "\n\n" + strings.Join(legend, "\n") + "\n"
}
