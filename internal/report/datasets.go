package report

import (
	"fmt"
	"io"
)

// Dataset is one dataset that can be trained on.
type Dataset struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Shape       [3]int `json:"shape"` // height, width, channels
	Classes     int    `json:"classes"`
	Ready       bool   `json:"ready"` // prepared on this machine
}

// Datasets lists datasets. Formats: Table, JSON.
func Datasets(w io.Writer, datasets []Dataset, format Format, style Style) error {
	switch format {
	case JSON:
		return writeJSON(w, append([]Dataset{}, datasets...)) // [] when empty, never null
	case Table:
		return writeTable(w, []column[Dataset]{
			{head: "name", cell: func(d Dataset) string { return d.Name }},
			{head: "shape", drop: 2, cell: func(d Dataset) string {
				return fmt.Sprintf("%dx%dx%d", d.Shape[0], d.Shape[1], d.Shape[2])
			}},
			{head: "classes", right: true, drop: 3, cell: func(d Dataset) string { return fmt.Sprint(d.Classes) }},
			{head: "here", cell: func(d Dataset) string {
				if d.Ready {
					return "yes"
				}
				return "no"
			}},
			{head: "what it is", least: 12, drop: 1, cell: func(d Dataset) string { return d.Description }},
		}, datasets, style)
	}
	return unknownFormat(format)
}
