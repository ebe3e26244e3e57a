package term

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"runner/internal/standing"
	"runner/internal/stats"
	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// nothing is what a person reads in place of an empty table.
const nothing = "No runs to show yet. Train some with\n  runner sweep experiments/quickstart\n"

// Leaderboard writes a board in its order. The table and Markdown are for reading (the dataset is
// a column where there are several), and say below how the rows were compared; json and csv carry
// every digit.
func Leaderboard(w io.Writer, b standing.Board, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		return record.WriteJSONList(w, b.Standings)
	case words.CSV:
		return record.WriteCSV(w, b.Standings, b.Settings...)
	case words.Markdown:
		if err := writeMarkdown(w, boardColumns(b), b.Standings); err != nil {
			return err
		}
		return writeNotes(w, boardNotes(b), Style{})
	case words.Table:
		if len(b.Standings) == 0 {
			text := nothing
			if b.Filtered > 0 {
				text = fmt.Sprintf("None of %d experiments matches.\n", b.Filtered)
			}
			_, err := io.WriteString(w, text)
			return err
		}
		if err := writeTable(w, boardColumns(b), b.Standings, style); err != nil {
			return err
		}
		return writeNotes(w, boardNotes(b), style)
	}
	return words.UnknownFormat(format)
}

// noInterval says why a seed alone has no interval.
const noInterval = "One seed without an interval: the number of validation examples is not on record."

// writeNotes writes sentences below a table.
func writeNotes(w io.Writer, notes []string, style Style) error {
	if len(notes) == 0 {
		return nil
	}
	var out strings.Builder
	out.WriteString("\n")
	for _, note := range notes {
		for _, line := range words.Wrap(words.Clean(note), style.Width, 0) {
			out.WriteString(style.paint(dim, line) + "\n")
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// sparkWidth is the cells of a curve in a table.
const sparkWidth = 16

func boardColumns(b standing.Board) []column[standing.Standing] {
	type row = standing.Standing
	rows := b.Standings
	half := func(s row) string {
		return words.HalfWidth(s.ValAccuracy, s.ValAccuracyLow, s.ValAccuracyHigh, s.Interval)
	}
	spread, mixed, pareto, looked, memory, best := 0, false, false, false, false, false
	low, high := 1.0, 0.0
	for _, s := range rows {
		spread = max(spread, words.Cells(half(s)))
		mixed = mixed || s.Data() != rows[0].Data()
		pareto = pareto || !s.Pareto && s.ValAccuracy != nil
		looked = looked || s.TestUses > 0
		memory = memory || s.Memory != nil
		best = best || s.BestOf > 0
		for _, v := range s.Curve {
			low, high = min(low, v), max(high, v)
		}
	}
	any := func(f func(row) bool) bool { return slices.ContainsFunc(rows, f) }
	// noted is a note on what any row has.
	noted := func(has bool, note string) string {
		if has {
			return note
		}
		return ""
	}
	var columns []column[row]
	// add adds a column, by its name in JSON: one that was asked for, or is shown unless others were.
	add := func(key string, shown bool, c column[row]) {
		if len(b.Columns) == 0 && shown || slices.Contains(b.Columns, key) || key == "rank" || key == "experiment" {
			c.key = key
			columns = append(columns, c)
		}
	}
	add("rank", true, column[row]{head: "rank", right: true, cell: rankAndTie,
		note: noted(any(func(s row) bool { return s.Tied }), "=: rank shared, as many others are significantly better")})
	add("experiment", true, column[row]{head: "experiment", least: 16, ends: true, cell: func(s row) string { return words.NameAndOrigin(s.Experiment, s.InitFrom) }})
	add("best_of", best, column[row]{head: "best of", right: true, drop: 3, cell: func(s row) string { return fmt.Sprint(s.BestOf) }})
	// Not where it is the same word in every row; else it stays, for the ranks are those of a dataset.
	add("dataset", mixed, column[row]{head: "dataset", cell: func(s row) string { return s.Data() }})
	add("mode", true, column[row]{head: "mode", drop: 6, cell: func(s row) string { return s.Mode }})
	add("parameters", true, column[row]{head: "parameters", short: "params", right: true, drop: 4, cell: func(s row) string { return words.Human(s.Parameters) }})
	add("multiply_adds", true, column[row]{head: "multiply-adds", short: "mult-adds", right: true, drop: 9, cell: func(s row) string { return words.Human(s.MultiplyAdds) }})
	add("memory_bytes", memory, column[row]{head: "memory", right: true, drop: 11, cell: func(s row) string {
		if s.Memory == nil {
			return words.None
		}
		return words.Megabytes(float64(*s.Memory))
	}})
	add("seeds", true, column[row]{head: "seeds", right: true, drop: 2, cell: func(s row) string { return fmt.Sprint(s.Seeds) }})
	add("val_accuracy", true, column[row]{head: "val accuracy", short: "val acc", right: true, cell: func(s row) string {
		// Padded where the interval is shorter, so that the percentages line up.
		d := half(s)
		return words.PercentOrNone(s.ValAccuracy) + d + strings.Repeat(" ", spread-words.Cells(d))
	}, note: intervalNote(rows)})
	add("more_seeds", true, column[row]{head: "more seeds", short: "more", right: true, drop: 5, cell: moreSeeds,
		note: noted(any(func(s row) bool { return s.ValAccuracy != nil && (s.MoreSeeds == nil || *s.MoreSeeds > 0) }),
			"more seeds: that it and its neighbour need to be told apart")})
	add("pareto", pareto, column[row]{head: "pareto", drop: 12, cell: func(s row) string {
		if s.Pareto {
			return "*"
		}
		return ""
	}, note: "*: no other is more accurate with as few multiply-adds, or as accurate with fewer"})
	add("curve", high > low, column[row]{head: "curve", drop: 10, cell: func(s row) string { return words.Spark(s.Curve, low, high, sparkWidth) }})
	add("best_epoch", true, column[row]{head: "best epoch", short: "best", right: true, drop: 8, cell: func(s row) string {
		if s.BestEpoch == nil {
			return words.None
		}
		return fmt.Sprint(*s.BestEpoch)
	}})
	add("test_accuracy", true, column[row]{head: "test accuracy", short: "test acc", right: true, drop: 1, cell: func(s row) string { return words.PercentOrNone(s.TestAccuracy) }})
	add("test_looks", looked, column[row]{head: "test looks", short: "looks", right: true, drop: 7, cell: func(s row) string { return fmt.Sprint(s.TestUses) }})
	add("seconds_per_epoch", true, column[row]{head: "s/epoch", right: true, drop: 7, cell: func(s row) string {
		if s.SecondsPerEpoch == nil {
			return words.None
		}
		return fmt.Sprintf("%.2f", *s.SecondsPerEpoch)
	}})
	add("seconds_to_target", b.Target > 0, column[row]{head: "s to target", right: true, drop: 1, cell: func(s row) string {
		if s.SecondsToTarget == nil {
			return words.None
		}
		return fmt.Sprintf("%.1f", *s.SecondsToTarget)
	}})
	add("status", true, column[row]{head: "status", drop: 5, cell: func(s row) string { return string(s.Status) },
		ink: func(s row) ink { return statusInk(store.Status(s.Status)) }})
	heads := words.ShortKeys(b.Settings)
	for i, key := range b.Settings {
		add(key, true, column[row]{head: heads[i], least: max(8, words.Cells(heads[i])), drop: 20 + i, cell: func(s row) string {
			if value, ok := s.Configuration[key]; ok {
				return value
			}
			return words.None
		}})
	}
	if len(b.Columns) > 0 {
		slices.SortStableFunc(columns, func(x, y column[row]) int {
			return cmp.Compare(slices.Index(b.Columns, x.key), slices.Index(b.Columns, y.key))
		})
	}
	return columns
}

// rankAndTie is "2", or "2=" where others have the same rank.
func rankAndTie(s standing.Standing) string {
	if s.Tied {
		return fmt.Sprint(s.Rank, "=")
	}
	return fmt.Sprint(s.Rank, " ")
}

// intervalNote explains the intervals of rows.
func intervalNote(rows []standing.Standing) string {
	var notes []string
	for _, kind := range []struct{ interval, note string }{
		{stats.StudentInterval, "±: 95% interval of the mean over seeds"},
		{stats.WilsonInterval, "°: one seed, 95% interval for the size of the validation set alone"},
	} {
		if slices.ContainsFunc(rows, func(s standing.Standing) bool { return s.Interval == kind.interval }) {
			notes = append(notes, kind.note)
		}
	}
	return strings.Join(notes, "; ")
}

// moreSeeds is how many more would tell a row from its neighbour, "?" where nobody knows.
func moreSeeds(s standing.Standing) string {
	switch {
	case s.ValAccuracy == nil:
		return words.None
	case s.MoreSeeds == nil:
		return "?"
	case *s.MoreSeeds == 0:
		return ""
	}
	return fmt.Sprintf("+%d", *s.MoreSeeds)
}

// boardNotes say how the rows were compared.
func boardNotes(b standing.Board) []string {
	var notes []string
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	if b.More > 0 {
		add("%d more: --limit 0 shows all.", b.More)
	}
	if len(b.Standings) == 0 {
		return notes
	}
	for _, t := range b.Tests {
		text := t.String()
		if len(b.Tests) > 1 {
			text = t.Dataset + ": " + text
		}
		notes = append(notes, text)
	}
	if slices.ContainsFunc(b.Standings, func(s standing.Standing) bool { return s.ValAccuracy != nil && s.Interval == "" }) {
		notes = append(notes, noInterval)
	}
	if n := unfinished(b.Standings); n > 0 {
		add("Seeds that are not finished count as far as they have come: %d here.", n)
	}
	if b.SortedByTest {
		notes = append(notes, TestNote(b))
	}
	return notes
}

// unfinished is the number of seeds behind the accuracies of rows that have not been trained to the end.
func unfinished(rows []standing.Standing) int {
	n := 0
	for _, row := range rows {
		for _, r := range row.Runs {
			if r.Logged > 0 && r.Status != store.Finished {
				n++
			}
		}
	}
	return n
}

// TestNote is what has to stand below a board that is sorted by accuracy on the test split.
func TestNote(b standing.Board) string {
	return fmt.Sprintf("Sorted by accuracy on the test split, which these experiments were evaluated on %d times: who chooses by it has no test set left.", b.TestUses)
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
