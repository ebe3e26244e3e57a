package html

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"runner/internal/standing"
	"runner/internal/view/plot"
	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/store"
)

var (
	//go:embed page.tmpl
	text string
	//go:embed page.css
	style template.CSS
	//go:embed page.js
	script template.JS

	tmpl = template.Must(template.New("page").Funcs(template.FuncMap{"shade": shade}).Parse(text))
)

// mostDetailed is how many rows are described below the table, so that a page of a thousand rows opens at once.
const mostDetailed = 30

// Write writes the page of a board and its runs. Runs of no row are ignored.
func Write(w io.Writer, b standing.Board, runs []record.FullRun) error {
	p, err := newPage(b, runs)
	if err == nil {
		err = tmpl.Execute(w, p)
	}
	if err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

// page is what the template shows.
type page struct {
	Policy  string
	Style   template.CSS
	Script  template.JS
	Title   string
	Counts  string
	Board   table
	Notes   []string
	Tested  string // the note below a table that is sorted by test accuracy
	Charts  []chart
	Details []detail
	Left    int // rows that are not described
}

func newPage(b standing.Board, runs []record.FullRun) (page, error) {
	rows, names := b.Standings, words.Names(b.Standings)
	hash := sha256.Sum256([]byte(script))
	p := page{
		Policy: "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" +
			base64.StdEncoding.EncodeToString(hash[:]) +
			"'; base-uri 'none'; form-action 'none'",
		Style: style, Script: script, Title: "Leaderboard",
		Counts: words.Count(len(rows), "experiment") + ", " + words.Count(len(runs), "run"),
		Notes:  term.Notes(b), Tested: term.TestNote(b), Charts: accuracyCharts(rows, names),
		Left: max(0, len(rows)-mostDetailed),
	}
	if len(runs) == 1 && len(rows) == 1 {
		p.Title, p.Counts = names[0], "run "+runs[0].ID
	}
	var err error
	if p.Board, err = boardTable(b); err != nil {
		return page{}, err
	}
	for i, row := range rows[:len(rows)-p.Left] {
		p.Details = append(p.Details, newDetail(i, names[i], row, runs))
	}
	return p, nil
}

// detail describes a row.
type detail struct {
	ID         string // of its place in the page
	Name       string
	Best       string // the run that the facts are of
	Facts      []term.Fact
	Runs       table
	Losses     *chart
	Confusions []plot.Heat
	Looks      []look
	Config     string
	Epochs     table
	EpochsLeft int // of Epochs
}

type look struct {
	Run, At, Command string
	Examples         int
}

func newDetail(i int, name string, row standing.Standing, all []record.FullRun) detail {
	d := detail{ID: rowID(i), Name: name}
	var runs []record.FullRun
	for _, r := range all {
		if r.Group == row.Group {
			runs = append(runs, r)
		}
	}
	d.Runs = plainTable(term.RunText(runs))
	for _, r := range runs {
		for _, l := range r.Looks {
			d.Looks = append(d.Looks, look{r.ID, l.At.UTC().Format(time.DateTime), l.Command, l.Examples})
		}
	}
	best, ok := record.BestRun(row, runs)
	if !ok { // removed since the board was made
		return d
	}
	d.Best, d.Config, d.Facts = best.ID, best.Config, term.Facts(best)
	d.Losses = lossChart(best.Epochs)
	for _, a := range best.Answers {
		d.Confusions = append(d.Confusions, newConfusion(a, best.Classes))
	}
	mark := 0
	if best.BestEpoch != nil {
		mark = *best.BestEpoch
	}
	marked := func(e store.Epoch) bool { return e.Epoch == mark }
	if shown := thin(best.Epochs, slices.IndexFunc(best.Epochs, marked)); len(shown) > 0 {
		d.Epochs, d.EpochsLeft = plainTable(term.EpochText(shown, mark)), len(best.Epochs)-len(shown)
	}
	return d
}

func rowID(i int) string { return "experiment-" + strconv.Itoa(i+1) }

// table is a table as the template draws it.
type table struct {
	Heads []term.TextColumn
	Rows  [][]cell
}

type cell struct {
	Text  string
	Right bool
	Long  bool   // words that take several lines
	Link  string // to a place in the page
	// Numeric says that Value is what the cell is sorted by, last where it is empty.
	Numeric bool
	Value   string
}

// longText is how long a text, in bytes, must be to get a wide column.
const longText = 24

func plainTable(columns []term.TextColumn) table {
	t := table{Heads: columns}
	if len(columns) == 0 {
		return t
	}
	for r := range columns[0].Cells {
		var row []cell
		for _, c := range columns {
			row = append(row, cell{Text: c.Cells[r], Right: c.Right, Long: len(c.Cells[r]) > longText})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// boardTable is the leaderboard, with the figures of its JSON as the values that columns are sorted by.
func boardTable(b standing.Board) (table, error) {
	t := plainTable(term.BoardText(b))
	for r, row := range b.Standings {
		values, err := figures(row)
		if err != nil {
			return table{}, err
		}
		for i, head := range t.Heads {
			c := &t.Rows[r][i]
			c.Value, c.Numeric = values[head.Key]
			if head.Key == "experiment" && r < mostDetailed {
				c.Link = rowID(r)
			}
		}
	}
	return t, nil
}

// figures are the numbers in a row's JSON and settings by their keys; empty where JSON has null.
func figures(row standing.Standing) (map[string]string, error) {
	encoded, err := json.Marshal(row)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.Unmarshal(encoded, &object); err != nil {
		return nil, err
	}
	values := make(map[string]string)
	for key, value := range object {
		switch v := value.(type) {
		case nil:
			values[key] = ""
		case float64:
			values[key] = strconv.FormatFloat(v, 'g', -1, 64)
		}
	}
	for key, value := range row.Configuration {
		if v, err := strconv.ParseFloat(value, 64); err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			values[key] = strconv.FormatFloat(v, 'g', -1, 64)
		}
	}
	return values, nil
}

// mostPoints is how many points of a curve are drawn.
const mostPoints = 200

// thin keeps at most mostPoints values, evenly spread: among them the first, the last and the one at keep, if positive.
func thin[T any](values []T, keep int) []T {
	if len(values) <= mostPoints {
		return slices.Clone(values)
	}
	left := make([]T, mostPoints)
	for i := range left {
		left[i] = values[i*(len(values)-1)/(mostPoints-1)]
	}
	if keep > 0 && keep < len(values)-1 {
		// In place of the last one up to it, or of the next where that is the first of all.
		upTo := ((keep+1)*(mostPoints-1) - 1) / (len(values) - 1)
		left[max(1, upTo)] = values[keep]
	}
	return left
}
