package term

import (
	"fmt"
	"io"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

// WriteDryRun writes what a sweep would do. Formats: Table, JSON.
func WriteDryRun(w io.Writer, d record.DryRun, format words.Format, style Style) error {
	d.Runs = append([]record.PlannedRun{}, d.Runs...) // in JSON [] when empty, never null
	return write(w, format, style, d, func(p *page) {
		table(p, plannedColumns, d.Runs)
		train := 0
		for _, r := range d.Runs {
			if r.Train {
				train++
			}
		}
		line := fmt.Sprintf("%d of %d runs to train", train, len(d.Runs))
		if train > 0 {
			line += fmt.Sprintf(", %d at a time with %s each", d.Jobs, words.Count(d.Threads, "thread"))
			if d.Seconds != nil {
				line += ": about " + words.About(*d.Seconds)
			}
		}
		p.say(plain, 2, line)
	})
}

var plannedColumns = []column[record.PlannedRun]{
	{head: "experiment", least: 14, ends: true, cell: func(r record.PlannedRun) string { return r.Experiment }},
	{head: "seed", right: true, drop: 2, cell: func(r record.PlannedRun) string { return fmt.Sprint(r.Seed) }},
	{head: "mode", drop: 6, cell: func(r record.PlannedRun) string { return r.Mode }},
	{head: "dataset", drop: 7, cell: func(r record.PlannedRun) string { return r.Dataset }},
	{head: "parameters", short: "params", right: true, drop: 3,
		cell: func(r record.PlannedRun) string { return words.Human(r.Parameters) }},
	{head: "multiply-adds", short: "mult-adds", right: true, drop: 5,
		cell: func(r record.PlannedRun) string { return words.Human(r.MultiplyAdds) }},
	{head: "memory", right: true, drop: 4, cell: func(r record.PlannedRun) string { return words.Megabytes(r.Memory) }},
	{head: "time", right: true, drop: 1, cell: func(r record.PlannedRun) string {
		if r.Seconds == nil {
			return words.None
		}
		return words.About(*r.Seconds)
	}},
	{head: "state", least: 11, cell: func(r record.PlannedRun) string { return r.State },
		ink: func(r record.PlannedRun) ink {
			if r.Train {
				return plain
			}
			return dim
		}},
}
