package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Checked is what checking one experiment file found.
type Checked struct {
	File         string       `json:"file"`
	Experiment   string       `json:"experiment"` // its name
	Valid        bool         `json:"valid"`
	Faults       []CheckFault `json:"faults"`
	Parameters   int64        `json:"parameters"`
	MultiplyAdds int64        `json:"multiply_adds"` // for one example
	Layers       []CheckLayer `json:"layers"`
	Forecast
}

// Forecast is what a run of a network takes on this machine, null where unknown.
type Forecast struct {
	SecondsPerEpoch     *float64 `json:"seconds_per_epoch"` // of training, as the leaderboard's s/epoch
	EvalSecondsPerEpoch *float64 `json:"eval_seconds_per_epoch"`
	MemoryBytes         *int64   `json:"memory_bytes"` // at most
	Threads             *int     `json:"threads"`
}

// CheckFault is one fault. File is set only when it is another file than the
// one checked (one that it extends); Line 0 means that there is no position.
type CheckFault struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// CheckLayer is one layer; shapes are without the batch dimension.
type CheckLayer struct {
	Index        int    `json:"index"`
	Kind         string `json:"kind"`
	Args         string `json:"args,omitempty"` // short, as in "filters: 32, kernel: 7"
	Input        []int  `json:"input"`
	Output       []int  `json:"output"`
	Parameters   int64  `json:"parameters"`
	MultiplyAdds int64  `json:"multiply_adds"`
}

// Check writes the layers and the forecast of every valid file, and the faults of
// the others.
// Formats: Table, JSON.
func Check(w io.Writer, files []Checked, format Format, style Style) error {
	switch format {
	case JSON:
		return writeJSON(w, withoutNulls(files))
	case Table:
		for i, c := range files {
			if i > 0 {
				if _, err := io.WriteString(w, "\n"); err != nil {
					return err
				}
			}
			if err := checkText(w, c, style); err != nil {
				return err
			}
		}
		return nil
	}
	return unknownFormat(format)
}

// withoutNulls copies the files so that every list is a list in JSON.
func withoutNulls(files []Checked) []Checked {
	out := make([]Checked, len(files))
	for i, c := range files {
		c.Faults = append([]CheckFault{}, c.Faults...)
		c.Layers = append([]CheckLayer{}, c.Layers...)
		for j := range c.Layers {
			l := &c.Layers[j]
			l.Input, l.Output = append([]int{}, l.Input...), append([]int{}, l.Output...)
		}
		out[i] = c
	}
	return out
}

func checkText(w io.Writer, c Checked, style Style) error {
	if !c.Valid {
		return checkFaults(w, c, style)
	}
	var out strings.Builder
	title := c.File
	switch {
	case c.Experiment != "":
		title += ": " + c.Experiment
	case len(c.Layers) == 0:
		title += ": abstract, for other files to extend"
	}
	for _, line := range wrap(clean(title), style.Width, 2) {
		out.WriteString(style.paint(bold, line) + "\n")
	}
	if err := writeTrimmed(w, out.String()); err != nil || len(c.Layers) == 0 {
		return err
	}
	total := CheckLayer{Index: -1, Kind: "total", Parameters: c.Parameters, MultiplyAdds: c.MultiplyAdds}
	if err := writeTable(w, layerColumns(), append(append([]CheckLayer{}, c.Layers...), total), style); err != nil {
		return err
	}
	return writeForecast(w, c.Forecast, style)
}

func writeForecast(w io.Writer, f Forecast, style Style) error {
	if f.MemoryBytes == nil {
		return nil
	}
	line := "forecast: "
	if f.SecondsPerEpoch != nil {
		line += fmt.Sprintf("%s an epoch, %s to evaluate, ", roughly(*f.SecondsPerEpoch), roughly(*f.EvalSecondsPerEpoch))
	}
	line += fmt.Sprintf("%s of memory, %d %s", megabytes(float64(*f.MemoryBytes)), *f.Threads, plural(*f.Threads, "thread"))
	var out strings.Builder
	for _, line := range wrap(line, style.Width, 2) {
		out.WriteString(line + "\n")
	}
	return writeTrimmed(w, out.String())
}

// layerColumns are a network's layers as a table; the row with index -1 is the total.
func layerColumns() []column[CheckLayer] {
	type row = CheckLayer
	columns := []column[row]{
		{head: "#", right: true, cell: func(l row) string {
			if l.Index < 0 {
				return ""
			}
			return strconv.Itoa(l.Index)
		}},
		{head: "layer", least: 10, cell: func(l row) string { return strings.TrimSpace(l.Kind + " " + l.Args) }},
		{head: "input", right: true, drop: 2, cell: func(l row) string { return shape(l.Input) }},
		{head: "output", right: true, cell: func(l row) string { return shape(l.Output) }},
		{head: "parameters", short: "params", right: true, cell: func(l row) string { return grouped(l.Parameters) }},
		{head: "multiply-adds", short: "mult-adds", right: true, drop: 1, cell: func(l row) string { return grouped(l.MultiplyAdds) }},
	}
	for i := range columns {
		columns[i].ink = func(l row) ink {
			if l.Index < 0 {
				return bold
			}
			return plain
		}
	}
	return columns
}

// checkFaults writes one "file:line:column: message" line a fault, as editors
// and terminals know to open it.
func checkFaults(w io.Writer, c Checked, style Style) error {
	var out strings.Builder
	for _, f := range c.Faults {
		at := c.File
		if f.File != "" {
			at = f.File
		}
		if f.Line > 0 {
			at += fmt.Sprintf(":%d:%d", f.Line, f.Column)
		}
		for i, line := range wrap(clean(at+": "+f.Message), style.Width, 4) {
			if place := clean(at); i == 0 && strings.HasPrefix(line, place) {
				line = style.paint(red, place) + line[len(place):]
			}
			out.WriteString(line + "\n")
		}
	}
	return writeTrimmed(w, out.String())
}

// shape writes 32x32x3.
func shape(sizes []int) string {
	words := make([]string, len(sizes))
	for i, n := range sizes {
		words[i] = strconv.Itoa(n)
	}
	return strings.Join(words, "x")
}
