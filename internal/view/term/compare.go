package term

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"runner/internal/compare"
	"runner/internal/view/record"
	"runner/internal/view/words"
)

// Compare writes experiments side by side: their layers, settings, accuracies, answers and curves. Markdown, for
// pasting, has all columns. Formats: Table, JSON, Markdown.
func Compare(w io.Writer, c compare.Comparison, format words.Format, style Style) error {
	if format == words.JSON {
		return record.WriteJSON(w, c)
	}
	if format != words.Table && format != words.Markdown {
		return words.UnknownFormat(format)
	}
	return writePage(w, format, style, func(p *page) {
		table(p, sideColumns(c), c.Sides)
		p.notes(c.Notes...)
		p.head("layers")
		p.compareLayers(c)
		p.head("settings that differ, besides those of layers")
		p.compareSettings(c)
		p.head("validation accuracy of best epochs")
		p.compareAccuracies(c)
		p.head("validation examples, a run of each")
		p.compareAnswers(c)
		if text := p.compareCurves(c); text != "" {
			p.head("validation accuracy by epoch, percent")
			p.WriteString(text)
		}
		for _, a := range c.Answers {
			if a.Why == "" {
				p.head(fmt.Sprintf("validation examples by class, %s less A", a.Label))
				p.compareShifts(c, a)
			}
		}
	})
}

func sideColumns(c compare.Comparison) []column[compare.Side] {
	type row = compare.Side
	return []column[row]{
		{head: "", cell: func(s row) string { return s.Label }},
		{head: "experiment", least: 10, ends: true,
			cell: func(s row) string { return words.NameAndOrigin(s.Experiment, s.InitFrom) }},
		{head: "run", cell: func(s row) string { return s.Run }},
		costColumn(column[row]{head: "parameters", short: "params"}, c.Sides,
			func(s row) (of, a *int64) { return &s.Parameters, &c.Sides[0].Parameters }),
		costColumn(column[row]{head: "multiply-adds", short: "mult-adds", drop: 2}, c.Sides,
			func(s row) (of, a *int64) { return &s.MultiplyAdds, &c.Sides[0].MultiplyAdds }),
		{head: "seed", right: true, drop: 1, cell: func(s row) string { return fmt.Sprint(s.Seed) }},
		{head: "mode", drop: 3, cell: func(s row) string { return s.Mode }},
		{head: "dataset", drop: 4, cell: func(s row) string { return s.Dataset }},
		{head: "status", drop: 5, cell: func(s row) string { return string(s.Status) },
			ink: func(s row) ink { return statusInk(s.Status) }},
	}
}

func (p *page) compareSettings(c compare.Comparison) {
	if len(c.Settings) == 0 {
		p.say(plain, 0, "None.")
		return
	}
	type row = compare.Setting
	columns := []column[row]{{head: "setting", least: 12, ends: true, cell: func(s row) string { return s.Key }}}
	for i, side := range c.Sides {
		columns = append(columns, column[row]{head: side.Label, least: 8, cell: func(s row) string {
			value := orNone(s.Values[i])
			if s.Key == compare.InitFrom { // a hash
				value = words.First(12, value)
			}
			return value
		}})
	}
	table(p, columns, c.Settings)
}

func orNone(text *string) string {
	if text == nil {
		return words.None
	}
	return *text
}

func (p *page) compareAccuracies(c compare.Comparison) {
	table(p, accuracyColumns(c), c.Accuracies)
	notes := []string{c.Test.Text}
	for _, a := range c.Accuracies {
		if a.Why != "" {
			notes = append(notes, fmt.Sprintf("%s is not compared with A: %s.", a.Label, a.Why))
		}
	}
	any := func(f func(compare.Accuracy) bool) bool { return slices.ContainsFunc(c.Accuracies, f) }
	signs := intervalSigns(func(kind string) bool {
		return any(func(a compare.Accuracy) bool { return a.Interval == kind })
	})
	if any(func(a compare.Accuracy) bool { return a.Difference != nil }) {
		signs = append(signs, "less A: difference in points, with its own 95% interval")
		if c.Test.Pairs > 1 {
			signs = append(signs, "p: allows for all pairs")
		}
	}
	if any(func(a compare.Accuracy) bool { return a.Mean != nil && a.Interval == "" }) {
		notes = append(notes, noInterval)
	}
	if len(signs) > 0 {
		notes = append(notes, strings.Join(signs, "; ")+".")
	}
	p.notes(notes...)
}

func accuracyColumns(c compare.Comparison) []column[compare.Accuracy] {
	type row = compare.Accuracy
	tested, looked := false, false
	half := aligned(c.Accuracies, func(a row) string { return words.HalfWidth(a.Mean, a.Low, a.High, a.Interval) })
	for _, a := range c.Accuracies {
		tested, looked = tested || a.TestAccuracy != nil, looked || a.TestUses > 0
	}
	columns := []column[row]{
		{head: "", cell: func(a row) string { return a.Label }},
		{head: "seeds", right: true, cell: func(a row) string { return fmt.Sprint(len(a.Seeds)) }},
		{head: "val accuracy", short: "val acc", right: true, cell: func(a row) string {
			return words.PercentOrNone(a.Mean) + half(a)
		}},
		{head: "less A", right: true, cell: func(a row) string {
			if a.Difference == nil {
				return words.None
			}
			d := a.Difference
			return fmt.Sprintf("%+.2f [%+.2f, %+.2f]", 100*d.Mean, 100*d.Low, 100*d.High)
		}},
		{head: "p", right: true, cell: func(a row) string {
			if a.Difference == nil {
				return words.None
			}
			return words.Probability(a.Difference.Adjusted)
		}},
	}
	if tested {
		columns = append(columns, column[row]{head: "test accuracy", short: "test acc", right: true, drop: 1,
			cell: func(a row) string { return words.PercentOrNone(a.TestAccuracy) }})
	}
	if looked {
		columns = append(columns, column[row]{head: "test looks", short: "looks", right: true, drop: 2,
			cell: func(a row) string { return fmt.Sprint(a.TestUses) }})
	}
	return columns
}
