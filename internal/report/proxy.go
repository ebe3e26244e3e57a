package report

import (
	"fmt"
	"io"

	"runner/internal/standing"
	"runner/internal/stats"
)

// proxyRecord is a Proxy in JSON.
type proxyRecord struct {
	Tau         *float64        `json:"kendall_tau"`
	Low         *float64        `json:"kendall_tau_low"` // of the 95% interval
	High        *float64        `json:"kendall_tau_high"`
	Experiments []standing.Pair `json:"experiments"`
}

// Proxy writes how the two modes order experiments. Formats: Table, JSON, CSV (the
// experiments alone), Markdown.
func Proxy(w io.Writer, p standing.Proxy, format Format, style Style) error {
	switch format {
	case JSON:
		record := proxyRecord{Experiments: append([]standing.Pair{}, p.Pairs...)}
		if c := p.Correlation; c != nil {
			record.Tau = &c.Tau
			if c.Interval != nil {
				record.Low, record.High = &c.Interval.Low, &c.Interval.High
			}
		}
		return writeJSON(w, record)
	case CSV:
		return writeCSV(w, p.Pairs)
	case Markdown:
		if err := writeMarkdown(w, proxyColumns(), p.Pairs); err != nil {
			return err
		}
		return writeNotes(w, proxyNotes(p), Style{})
	case Table:
		if len(p.Pairs) > 0 {
			if err := writeTable(w, proxyColumns(), p.Pairs, style); err != nil {
				return err
			}
			return writeNotes(w, proxyNotes(p), style)
		}
		_, err := io.WriteString(w, "No experiment was trained in both modes yet. Train the best ones in full mode with\n  runner promote --top 3\n")
		return err
	}
	return unknownFormat(format)
}

func proxyColumns() []column[standing.Pair] {
	type row = standing.Pair
	return []column[row]{
		{head: "rank", right: true, cell: func(p row) string { return fmt.Sprint(p.FullRank) }},
		{head: "experiment", least: 16, ends: true, cell: func(p row) string { return p.Experiment }},
		{head: "full val accuracy", short: "full", right: true, cell: func(p row) string { return percent(p.Full) }},
		{head: "seeds", right: true, drop: 2, cell: func(p row) string { return fmt.Sprint(p.FullSeeds) }},
		{head: "single-batch val accuracy", short: "single-batch", right: true, cell: func(p row) string { return percent(p.SingleBatch) }},
		{head: "seeds", right: true, drop: 2, cell: func(p row) string { return fmt.Sprint(p.SingleSeeds) }},
		{head: "single-batch rank", short: "rank", right: true, drop: 1, cell: func(p row) string { return fmt.Sprint(p.SingleRank) }},
	}
}

// proxyNotes say how far single-batch training can be relied on.
func proxyNotes(p standing.Proxy) []string {
	c := p.Correlation
	if c == nil {
		return []string{"No rank correlation: it takes two experiments that differ in both modes."}
	}
	note := fmt.Sprintf("Kendall's tau between the modes: %.2f", c.Tau)
	switch {
	case c.Interval == nil && len(p.Pairs) < stats.KendallPoints:
		return []string{note + fmt.Sprintf(", over %d experiments: too few for an interval.", len(p.Pairs))}
	case c.Interval == nil:
		return []string{note + fmt.Sprintf(", over %d experiments: there is no interval at 1 and -1.", len(p.Pairs))}
	}
	return []string{note + fmt.Sprintf(", 95%% interval %.2f to %.2f, over %d experiments (1: single-batch training orders them "+
		"as full training does; 0: it says nothing).", c.Interval.Low, c.Interval.High, len(p.Pairs))}
}
