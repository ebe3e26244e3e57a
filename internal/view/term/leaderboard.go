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

// nothing stands in place of an empty table.
const nothing = "No runs to show yet. Train some with\n  runner sweep experiments/quickstart\n"

// Leaderboard writes a board in its order. Table and Markdown show the dataset only if there are several, and say below
// how the rows were compared; JSON and CSV have every digit.
func Leaderboard(w io.Writer, b standing.Board, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		return record.WriteJSONList(w, b.Standings)
	case words.CSV:
		return record.WriteCSV(w, b.Standings, b.Settings...)
	case words.Table, words.Markdown:
	default:
		return words.UnknownFormat(format)
	}
	return writePage(w, format, style, func(p *page) {
		switch {
		case len(b.Standings) > 0 || format == words.Markdown:
			table(p, boardColumns(b), b.Standings)
			p.notes(boardNotes(b)...)
		case b.Filtered > 0:
			p.WriteString(fmt.Sprintf("None of %d experiments matches.\n", b.Filtered))
		default:
			p.WriteString(nothing)
		}
	})
}

// noInterval says why a single seed has no interval.
const noInterval = "One seed without an interval: the number of validation examples is not on record."

// sparkWidth is the cells of a curve in a table.
const sparkWidth = 16

// boardColumns are the columns of a board: those that were asked for, or else the measures and settings that are worth
// one.
func boardColumns(b standing.Board) []column[standing.Standing] {
	shown := func(key string, usual bool) bool {
		return len(b.Columns) == 0 && usual || slices.Contains(b.Columns, key) || key == "rank" || key == "experiment"
	}
	var columns []column[standing.Standing]
	for _, m := range standing.Measures() {
		if shown(m.Key, worthShowing(m, b)) {
			columns = append(columns, measureColumn(m, b))
		}
	}
	heads := words.ShortKeys(b.Settings)
	for i, key := range b.Settings {
		if !shown(key, true) {
			continue
		}
		columns = append(columns, column[standing.Standing]{
			key: key, head: heads[i], least: max(8, words.Cells(heads[i])), drop: 20 + i,
			cell: func(s standing.Standing) string {
				if value, ok := s.Configuration[key]; ok {
					return value
				}
				return words.None
			},
		})
	}
	if len(b.Columns) > 0 {
		slices.SortStableFunc(columns, func(x, y column[standing.Standing]) int {
			return cmp.Compare(slices.Index(b.Columns, x.key), slices.Index(b.Columns, y.key))
		})
	}
	return columns
}

// worthShowing says whether a measure is worth a column: it must not be missing, or the same, in all rows.
func worthShowing(m standing.Measure, b standing.Board) bool {
	any := func(f func(standing.Standing) bool) bool { return slices.ContainsFunc(b.Standings, f) }
	switch m.Key {
	case "best_of", "memory_bytes":
		return any(func(s standing.Standing) bool { x, ok := m.Number(&s); return ok && x > 0 })
	case "dataset": // where it is not the same word in every row; else it stays, for the ranks are those of a dataset
		return any(func(s standing.Standing) bool { return s.Data() != b.Standings[0].Data() })
	case "pareto":
		return any(func(s standing.Standing) bool { return !s.Pareto && s.ValAccuracy != nil })
	case "curve":
		low, high := curveRange(b.Standings)
		return high > low
	case "test_looks":
		return any(func(s standing.Standing) bool { return s.TestUses > 0 })
	case "seconds_to_target":
		return b.Target > 0
	}
	return true
}

// curveRange is the range of all curves.
func curveRange(rows []standing.Standing) (low, high float64) {
	low, high = 1.0, 0.0
	for _, s := range rows {
		for _, v := range s.Curve {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// drops are the measures whose columns are dropped where there is little room, the last first.
var drops = [][]string{
	1: {"test_accuracy", "seconds_to_target"}, 2: {"seeds"}, 3: {"best_of"}, 4: {"parameters"},
	5: {"more_seeds", "status"}, 6: {"mode"}, 7: {"test_looks", "seconds_per_epoch"},
	8: {"best_epoch"}, 9: {"multiply_adds"}, 10: {"curve"},
	11: {"memory_bytes"}, 12: {"pareto"},
}

// measureColumn is the column of a measure.
func measureColumn(m standing.Measure, b standing.Board) column[standing.Standing] {
	type row = standing.Standing
	c := column[row]{
		key: m.Key, head: m.Head, short: m.Short,
		right: !slices.Contains([]standing.Unit{standing.Text, standing.Mark, standing.Drawing}, m.Unit),
		drop:  max(0, slices.IndexFunc(drops, func(keys []string) bool { return slices.Contains(keys, m.Key) })),
		cell:  func(s row) string { return measureText(m, s) },
	}
	any := func(f func(row) bool) bool { return slices.ContainsFunc(b.Standings, f) }
	switch m.Key {
	case "rank":
		c.cell = rankAndTie
		if any(func(s row) bool { return s.Tied }) {
			c.note = "=: rank shared, as many others are significantly better"
		}
	case "experiment":
		c.least, c.ends = 16, true
		c.cell = func(s row) string { return words.NameAndOrigin(s.Experiment, s.InitFrom) }
	case "dataset":
		c.cell = func(s row) string { return s.Data() }
	case "val_accuracy":
		half := aligned(b.Standings, func(s row) string {
			return words.HalfWidth(s.ValAccuracy, s.ValAccuracyLow, s.ValAccuracyHigh, s.Interval)
		})
		c.cell = func(s row) string { return words.PercentOrNone(s.ValAccuracy) + half(s) }
		signs := intervalSigns(func(kind string) bool { return any(func(s row) bool { return s.Interval == kind }) })
		c.note = strings.Join(signs, "; ")
	case "more_seeds":
		c.cell = moreSeeds
		if any(func(s row) bool { return s.ValAccuracy != nil && (s.MoreSeeds == nil || *s.MoreSeeds > 0) }) {
			c.note = "more seeds: that it and its neighbour need to be told apart"
		}
	case "pareto":
		c.note = "*: no other is more accurate with as few multiply-adds, or as accurate with fewer"
	case "curve":
		low, high := curveRange(b.Standings)
		c.cell = func(s row) string { return words.Spark(s.Curve, low, high, sparkWidth) }
	case "status":
		c.ink = func(s row) ink { return statusInk(store.Status(s.Status)) }
	}
	return c
}

// measureText writes a row's value of a measure.
func measureText(m standing.Measure, s standing.Standing) string {
	if m.Unit == standing.Text {
		text, _ := m.Of(&s)
		return text
	}
	x, ok := m.Number(&s)
	switch {
	case m.Unit == standing.Mark && ok:
		return "*"
	case m.Unit == standing.Mark:
		return ""
	case !ok:
		return words.None
	}
	switch m.Unit {
	case standing.Count:
		return words.Human(int64(x))
	case standing.Bytes:
		return words.Megabytes(x)
	case standing.Fraction:
		return words.Percent(x)
	case standing.Seconds:
		return fmt.Sprintf("%.2f", x)
	case standing.ManySeconds:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprint(int64(x))
}

// rankAndTie is "2", or "2=" where others have the same rank.
func rankAndTie(s standing.Standing) string {
	if s.Tied {
		return fmt.Sprint(s.Rank, "=")
	}
	return fmt.Sprint(s.Rank, " ")
}

// intervalSigns explains the signs of the kinds of interval that are shown.
func intervalSigns(shown func(kind string) bool) []string {
	var signs []string
	if shown(stats.StudentInterval) {
		signs = append(signs, "±: 95% interval of the mean over seeds")
	}
	if shown(stats.WilsonInterval) {
		signs = append(signs, "°: one seed, 95% interval for the size of the validation set alone")
	}
	return signs
}

// moreSeeds is how many more seeds would separate a row from its neighbour; "?" is unknown.
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
	bare := func(s standing.Standing) bool { return s.ValAccuracy != nil && s.Interval == "" }
	if slices.ContainsFunc(b.Standings, bare) {
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

// unfinished is the number of seeds behind accuracies that were not trained to the end.
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

// TestNote is the warning below a board that is sorted by accuracy on the test split.
func TestNote(b standing.Board) string {
	return fmt.Sprintf("Sorted by accuracy on the test split, which these experiments were evaluated on %d times: "+
		"who chooses by it has no test set left.", b.TestUses)
}

// statusInk colours only what needs attention.
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
