package term

import (
	"fmt"
	"strings"

	"github.com/guptarohit/asciigraph"

	"runner/internal/compare"
	"runner/internal/view/plot"
	"runner/internal/view/words"
)

// compareAnswers adds how many examples two runs both have right, or one of them alone.
func (p *page) compareAnswers(c compare.Comparison) {
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
		p.say(plain, 0, strings.Join(notes, " "))
		return
	}
	only := "only other"
	if len(c.Answers) == 1 {
		only = "only " + c.Answers[0].Label
	}
	count := func(head string, of func(row) int) column[row] {
		return column[row]{head: head, right: true, cell: func(a row) string { return words.Grouped(int64(of(a))) }}
	}
	table(p, []column[row]{
		{head: "", cell: func(a row) string { return a.Label }},
		{head: "run", drop: 1, cell: func(a row) string { return a.Run }},
		count("both right", func(a row) int { return a.BothRight }),
		count("only A", func(a row) int { return a.OnlyA }),
		count(only, func(a row) int { return a.Only }),
		count("both wrong", func(a row) int { return a.BothWrong }),
		{head: "p", right: true, cell: func(a row) string { return words.Probability(*a.Adjusted) }},
	}, rows)
	test := fmt.Sprintf("McNemar's exact test against run %s (A)", c.Sides[0].Run)
	if len(rows) > 1 {
		test += fmt.Sprintf(", Holm over %d pairs", len(rows))
	}
	p.notes(append(notes, test+": it compares these trained networks, not their architectures.")...)
}

// compareShifts adds the counts of the confusion matrix that differ most from A's.
func (p *page) compareShifts(c compare.Comparison, a compare.Answers) {
	type row = compare.Shift
	shifts := a.Shifts()
	if len(shifts) == 0 {
		p.say(plain, 0, "No count of the confusion matrix differs.")
		return
	}
	shown := shifts[:min(words.MostShifts, len(shifts))]
	table(p, []column[row]{
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
	if more := len(shifts) - len(shown); more > 0 {
		p.notes(fmt.Sprintf("%d smaller changes are in --format json and --figure.", more))
	}
}

// lineInks are near plot.LineColors, among the 256 colours of terminals.
var lineInks = []asciigraph.AnsiColor{32, 166, 36, 175, 178, 74, 245}

// compareCurves draws the validation accuracies in one chart, each in its letter; it is empty without two epochs.
func (p *page) compareCurves(c compare.Comparison) string {
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
