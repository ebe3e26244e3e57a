package term

import (
	"fmt"
	"io"
	"time"

	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// Runs lists runs in the order given. now is the moment to which "3h ago" and the duration of a run in training refer.
func Runs(w io.Writer, runs []store.Run, now time.Time, format words.Format, style Style) error {
	if format == words.Markdown || format == words.Table {
		return writePage(w, format, style, func(p *page) {
			if len(runs) == 0 && format == words.Table {
				p.WriteString(nothing)
				return
			}
			table(p, runColumns(now), runs)
		})
	}
	records := make([]record.RunRecord, len(runs))
	for i, r := range runs {
		records[i] = record.NewRunRecord(r)
	}
	if format == words.CSV {
		return record.WriteCSV(w, records)
	}
	return write(w, format, style, records, nil)
}

func runColumns(now time.Time) []column[store.Run] {
	type row = store.Run
	return []column[row]{
		{head: "id", cell: func(r row) string { return r.ID }},
		{head: "experiment", least: 14, ends: true,
			cell: func(r row) string { return words.NameAndOrigin(r.Experiment, r.InitFrom) }},
		{head: "seed", right: true, drop: 2, cell: func(r row) string { return fmt.Sprint(r.Seed) }},
		{head: "mode", drop: 6, cell: func(r row) string { return r.Mode }},
		{head: "dataset", drop: 7, cell: func(r row) string { return r.Dataset }},
		{head: "epochs", right: true, drop: 3, cell: func(r row) string { return fmt.Sprintf("%d/%d", r.Logged, r.Epochs) }},
		{head: "val accuracy", short: "val acc", right: true, drop: 1,
			cell: func(r row) string { return words.PercentOrNone(r.BestValAccuracy) }},
		{head: "started", drop: 4, cell: func(r row) string { return words.When(r.Started, now) }},
		{head: "duration", right: true, drop: 5, cell: func(r row) string { return took(r, now) }},
		{head: "status", least: 11, cell: statusAndWhy, ink: func(r row) ink { return statusInk(r.Status) }},
	}
}

// statusAndWhy is "failed: no space left on device".
func statusAndWhy(r store.Run) string {
	if r.Reason == "" {
		return string(r.Status)
	}
	return string(r.Status) + ": " + r.Reason
}

// took is how long a run took, or has been in training.
func took(r store.Run, now time.Time) string {
	switch {
	case r.Started.IsZero():
		return words.None
	case !r.Finished.IsZero():
		return words.Duration(r.Finished.Sub(r.Started))
	case r.Status == store.Running:
		return words.Duration(now.Sub(r.Started))
	}
	return words.None // it ended without a trace, as after a power cut
}
