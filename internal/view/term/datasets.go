package term

import (
	"fmt"
	"io"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

// Datasets lists datasets. Formats: Table, JSON.
func Datasets(w io.Writer, datasets []record.Dataset, format words.Format, style Style) error {
	datasets = append([]record.Dataset{}, datasets...) // in JSON [] when empty, never null
	return write(w, format, style, datasets, func(p *page) { table(p, datasetColumns, datasets) })
}

var datasetColumns = []column[record.Dataset]{
	{head: "name", cell: func(d record.Dataset) string { return d.Name }},
	{head: "shape", drop: 2, cell: func(d record.Dataset) string {
		if d.Classes == 0 {
			return ""
		}
		return shape(d.Shape[:])
	}},
	{head: "classes", right: true, drop: 3, cell: func(d record.Dataset) string {
		if d.Classes == 0 {
			return ""
		}
		return fmt.Sprint(d.Classes)
	}},
	{head: "here", cell: func(d record.Dataset) string {
		if d.Ready {
			return "yes"
		}
		return "no"
	}},
	{head: "what it is", least: 12, drop: 1, cell: func(d record.Dataset) string { return d.Description }},
}
