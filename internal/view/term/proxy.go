package term

import (
	"fmt"
	"io"

	"runner/internal/standing"
	"runner/internal/stats"
	"runner/internal/view/record"
	"runner/internal/view/words"
)

// Proxy writes how the two modes order experiments. Formats: Table, JSON, CSV (only the experiments), Markdown.
func Proxy(w io.Writer, p standing.Proxy, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		return record.WriteJSON(w, record.NewProxy(p))
	case words.CSV:
		return record.WriteCSV(w, p.Pairs)
	case words.Table, words.Markdown:
	default:
		return words.UnknownFormat(format)
	}
	return writePage(w, format, style, func(page *page) {
		if len(p.Pairs) == 0 && format == words.Table {
			page.WriteString("No experiment was trained in both modes yet. " +
				"Train the best ones in full mode with\n  runner promote --top 3\n")
			return
		}
		table(page, proxyColumns, p.Pairs)
		page.notes(proxyNote(p))
	})
}

var proxyColumns = []column[standing.Pair]{
	{head: "rank", right: true, cell: func(p standing.Pair) string { return fmt.Sprint(p.FullRank) }},
	{head: "experiment", least: 16, ends: true, cell: func(p standing.Pair) string { return p.Experiment }},
	{head: "full val accuracy", short: "full", right: true,
		cell: func(p standing.Pair) string { return words.Percent(p.Full) }},
	{head: "seeds", right: true, drop: 2, cell: func(p standing.Pair) string { return fmt.Sprint(p.FullSeeds) }},
	{head: "single-batch val accuracy", short: "single-batch", right: true,
		cell: func(p standing.Pair) string { return words.Percent(p.SingleBatch) }},
	{head: "seeds", right: true, drop: 2, cell: func(p standing.Pair) string { return fmt.Sprint(p.SingleSeeds) }},
	{head: "single-batch rank", short: "rank", right: true, drop: 1,
		cell: func(p standing.Pair) string { return fmt.Sprint(p.SingleRank) }},
}

// proxyNote says how reliable the order of single-batch mode is.
func proxyNote(p standing.Proxy) string {
	c := p.Correlation
	if c == nil {
		return "No rank correlation: it takes two experiments that differ in both modes."
	}
	note := fmt.Sprintf("Kendall's tau between the modes: %.2f", c.Tau)
	switch {
	case c.Interval == nil && len(p.Pairs) < stats.KendallPoints:
		return note + fmt.Sprintf(", over %d experiments: too few for an interval.", len(p.Pairs))
	case c.Interval == nil:
		return note + fmt.Sprintf(", over %d experiments: there is no interval at 1 and -1.", len(p.Pairs))
	}
	return note + fmt.Sprintf(", 95%% interval %.2f to %.2f, over %d experiments (1: single-batch training orders them "+
		"as full training does; 0: it says nothing).", c.Interval.Low, c.Interval.High, len(p.Pairs))
}
