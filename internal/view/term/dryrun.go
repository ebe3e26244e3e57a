package term

import (
	"fmt"
	"io"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

// WriteDryRun writes what a sweep would do. Formats: Table, JSON.
func WriteDryRun(w io.Writer, p record.DryRun, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		p.Runs = append([]record.PlannedRun{}, p.Runs...) // [] when empty, never null
		return record.WriteJSON(w, p)
	case words.Table:
		if err := writeTable(w, plannedColumns(), p.Runs, style); err != nil {
			return err
		}
		train := 0
		for _, r := range p.Runs {
			if r.Train {
				train++
			}
		}
		line := fmt.Sprintf("%d of %d runs to train", train, len(p.Runs))
		if train > 0 {
			line += fmt.Sprintf(", %d at a time with %d %s each", p.Jobs, p.Threads, words.Plural(p.Threads, "thread"))
			if p.Seconds != nil {
				line += ": about " + words.About(*p.Seconds)
			}
		}
		for _, line := range words.Wrap(line, style.Width, 2) {
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		return nil
	}
	return words.UnknownFormat(format)
}

func plannedColumns() []column[record.PlannedRun] {
	type row = record.PlannedRun
	return []column[row]{
		{head: "experiment", least: 14, ends: true, cell: func(r row) string { return r.Experiment }},
		{head: "seed", right: true, drop: 2, cell: func(r row) string { return fmt.Sprint(r.Seed) }},
		{head: "mode", drop: 6, cell: func(r row) string { return r.Mode }},
		{head: "dataset", drop: 7, cell: func(r row) string { return r.Dataset }},
		{head: "parameters", short: "params", right: true, drop: 3, cell: func(r row) string { return words.Human(r.Parameters) }},
		{head: "multiply-adds", short: "mult-adds", right: true, drop: 5, cell: func(r row) string { return words.Human(r.MultiplyAdds) }},
		{head: "memory", right: true, drop: 4, cell: func(r row) string { return words.Megabytes(r.Memory) }},
		{head: "time", right: true, drop: 1, cell: func(r row) string {
			if r.Seconds == nil {
				return words.None
			}
			return words.About(*r.Seconds)
		}},
		{head: "state", least: 11, cell: func(r row) string { return r.State }, ink: func(r row) ink {
			if r.Train {
				return plain
			}
			return dim
		}},
	}
}
