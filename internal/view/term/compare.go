package term

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"runner/internal/compare"
	"runner/internal/stats"
	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// Compare writes experiments side by side: their layers, settings, accuracies, answers and curves. Markdown has all
// columns. Formats: Table, JSON, Markdown.
func Compare(w io.Writer, c compare.Comparison, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		return record.WriteJSON(w, c)
	case words.Table, words.Markdown:
	default:
		return words.UnknownFormat(format)
	}
	p := output{w, format, style}
	if format == words.Markdown {
		p.style = Style{}
	}
	if err := writeRows(p, sideColumns(c), c.Sides); err != nil {
		return err
	}
	if err := writeNotes(w, c.Notes, p.style); err != nil {
		return err
	}
	sections := []section{
		{"layers", func() error { return compareLayers(p, c) }},
		{"settings that differ, besides those of layers", func() error { return compareSettings(p, c) }},
		{"validation accuracy of best epochs", func() error { return compareAccuracies(p, c) }},
		{"validation examples, a run of each", func() error { return compareAnswers(p, c) }},
	}
	if text := compareCurves(p, c); text != "" {
		sections = append(sections, section{"validation accuracy by epoch, percent", func() error {
			return writeTrimmed(w, text)
		}})
	}
	for _, a := range c.Answers {
		if a.Why == "" {
			sections = append(sections, section{fmt.Sprintf("validation examples by class, %s less A", a.Label), func() error { return compareShifts(p, c, a) }})
		}
	}
	for _, s := range sections {
		if err := p.head(s.head); err != nil {
			return err
		}
		if err := s.write(); err != nil {
			return err
		}
	}
	return nil
}

// output is where text for people goes, and in which format.
type output struct {
	w      io.Writer
	format words.Format // Table or Markdown
	style  Style
}

type section struct {
	head  string
	write func() error
}

func (p output) head(text string) error {
	if p.format == words.Markdown {
		_, err := fmt.Fprintf(p.w, "\n### %s\n\n", strings.ToUpper(text[:1])+text[1:])
		return err
	}
	_, err := io.WriteString(p.w, "\n"+p.style.paint(bold, text)+"\n")
	return err
}

// say writes one sentence in place of a table.
func (p output) say(text string) error {
	for _, line := range words.Wrap(words.Clean(text), p.style.Width, 0) {
		if _, err := io.WriteString(p.w, line+"\n"); err != nil {
			return err
		}
	}
	return nil
}

func writeRows[T any](p output, columns []column[T], rows []T) error {
	if p.format == words.Markdown {
		return writeMarkdown(p.w, columns, rows)
	}
	return writeTable(p.w, columns, rows, p.style)
}

func sideColumns(c compare.Comparison) []column[compare.Side] {
	type row = compare.Side
	return []column[row]{
		{head: "", cell: func(s row) string { return s.Label }},
		{head: "experiment", least: 10, ends: true, cell: func(s row) string { return words.NameAndOrigin(s.Experiment, s.InitFrom) }},
		{head: "run", cell: func(s row) string { return s.Run }},
		costColumn("parameters", "params", 0, c.Sides, func(s row) (of, a *int64) { return &s.Parameters, &c.Sides[0].Parameters }),
		costColumn("multiply-adds", "mult-adds", 2, c.Sides, func(s row) (of, a *int64) { return &s.MultiplyAdds, &c.Sides[0].MultiplyAdds }),
		{head: "seed", right: true, drop: 1, cell: func(s row) string { return fmt.Sprint(s.Seed) }},
		{head: "mode", drop: 3, cell: func(s row) string { return s.Mode }},
		{head: "dataset", drop: 4, cell: func(s row) string { return s.Dataset }},
		{head: "status", drop: 5, cell: func(s row) string { return string(s.Status) }, ink: func(s row) ink { return statusInk(store.Status(s.Status)) }},
	}
}

func compareSettings(p output, c compare.Comparison) error {
	if len(c.Settings) == 0 {
		return p.say("None.")
	}
	columns := []column[compare.Setting]{{head: "setting", least: 12, ends: true, cell: func(s compare.Setting) string { return s.Key }}}
	for i, side := range c.Sides {
		columns = append(columns, column[compare.Setting]{head: side.Label, least: 8, cell: func(s compare.Setting) string {
			value := orNone(s.Values[i])
			if s.Key == compare.InitFrom { // a hash
				value = words.First(12, value)
			}
			return value
		}})
	}
	return writeRows(p, columns, c.Settings)
}

func orNone(text *string) string {
	if text == nil {
		return words.None
	}
	return *text
}

func compareAccuracies(p output, c compare.Comparison) error {
	if err := writeRows(p, accuracyColumns(c), c.Accuracies); err != nil {
		return err
	}
	notes := []string{c.Test.Text}
	student, wilson, difference := false, false, false
	for _, a := range c.Accuracies {
		student = student || a.Interval == stats.StudentInterval
		wilson = wilson || a.Interval == stats.WilsonInterval
		difference = difference || a.Difference != nil
		if a.Why != "" {
			notes = append(notes, fmt.Sprintf("%s is not compared with A: %s.", a.Label, a.Why))
		}
	}
	var signs []string
	if student {
		signs = append(signs, "±: 95% interval of the mean over seeds")
	}
	if wilson {
		signs = append(signs, "°: one seed, 95% interval for the size of the validation set alone")
	}
	if difference {
		signs = append(signs, "less A: difference in points, with its own 95% interval")
		if c.Test.Pairs > 1 {
			signs = append(signs, "p: allows for all pairs")
		}
	}
	if slices.ContainsFunc(c.Accuracies, func(a compare.Accuracy) bool { return a.Mean != nil && a.Interval == "" }) {
		notes = append(notes, noInterval)
	}
	if len(signs) > 0 {
		notes = append(notes, strings.Join(signs, "; ")+".")
	}
	return writeNotes(p.w, notes, p.style)
}

func accuracyColumns(c compare.Comparison) []column[compare.Accuracy] {
	type row = compare.Accuracy
	spread, tested, looked := 0, false, false
	half := func(a row) string { return words.HalfWidth(a.Mean, a.Low, a.High, a.Interval) }
	for _, a := range c.Accuracies {
		spread = max(spread, words.Cells(half(a)))
		tested, looked = tested || a.TestAccuracy != nil, looked || a.TestUses > 0
	}
	columns := []column[row]{
		{head: "", cell: func(a row) string { return a.Label }},
		{head: "seeds", right: true, cell: func(a row) string { return fmt.Sprint(len(a.Seeds)) }},
		{head: "val accuracy", short: "val acc", right: true, cell: func(a row) string {
			return words.PercentOrNone(a.Mean) + half(a) + strings.Repeat(" ", spread-words.Cells(half(a)))
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
		columns = append(columns, column[row]{head: "test accuracy", short: "test acc", right: true, drop: 1, cell: func(a row) string { return words.PercentOrNone(a.TestAccuracy) }})
	}
	if looked {
		columns = append(columns, column[row]{head: "test looks", short: "looks", right: true, drop: 2, cell: func(a row) string { return fmt.Sprint(a.TestUses) }})
	}
	return columns
}
