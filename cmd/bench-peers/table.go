package main

import (
	"fmt"
	"io"

	"github.com/olekukonko/tablewriter"

	"runner/internal/bench"
)

// write prints the table and what was noted on the way.
func (b *measurements) write(w io.Writer) error {
	table := tablewriter.NewTable(w)
	table.Header("figure", "peer", "ours", "median", "quartiles", "must", "aim", "")
	for _, f := range b.figures {
		value := bench.Median(f.values)
		table.Append(f.name, f.peer, f.ours, fmt.Sprintf(f.format, value),
			fmt.Sprintf(f.format+" .. "+f.format, bench.Quantile(f.values, 0.25), bench.Quantile(f.values, 0.75)),
			f.bound(f.must), f.bound(f.aim), f.verdict(value))
	}
	if err := table.Render(); err != nil {
		return err
	}
	for _, note := range b.notes {
		fmt.Fprintln(w, note)
	}
	return nil
}

// bound shows must or aim.
func (f figure) bound(value float64) string {
	if f.must == 0 {
		return ""
	}
	return fmt.Sprint(value)
}

// verdict says which of its bounds a value keeps.
func (f figure) verdict(value float64) string {
	keeps := func(bound float64) bool {
		if f.most {
			return value <= bound
		}
		return value >= bound
	}
	switch {
	case f.must == 0:
		return ""
	case keeps(f.aim):
		return "aim"
	case keeps(f.must):
		return "must"
	}
	return "missed"
}
