package term

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"runner/internal/view/plot"
	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// Show writes everything about a run: facts, resolved experiment, curves of validation accuracy and training loss,
// recall, precision and confusion of the classes of the validation split, and every epoch. Formats: Table, JSON.
func Show(w io.Writer, r record.FullRun, format words.Format, style Style) error {
	return write(w, format, style, record.NewShowRecord(r), func(p *page) { p.show(r) })
}

func (p *page) show(r record.FullRun) {
	p.facts(Facts(r))
	if r.Stack != "" {
		p.head("stack of the crash")
		p.block(r.Stack, "  ")
	}
	p.head("resolved experiment")
	p.block(r.Config, "  ")
	for _, each := range []plot.Plot{plot.Accuracies(r.Epochs), plot.TrainLosses(r.Epochs)} {
		if text := drawPlot(each, p.style.Width); text != "" {
			p.head(each.Title)
			p.WriteString(text + "\n")
		}
	}
	if len(r.Epochs) == 0 {
		p.WriteString("\nNo epoch has been finished.\n")
		return
	}
	p.answers(r)
	p.WriteString("\n")
	best := 0
	if e := words.BestEpoch(r.Epochs); e != nil {
		best = e.Epoch
	}
	table(p, epochColumns(best), r.Epochs)
}

// Fact is a line "name  value" at the head of a run.
type Fact struct {
	Name, Value string
	ink         ink
}

// Facts are the known facts of a run.
func Facts(r record.FullRun) []Fact {
	best, test, commit, processor, started, process := "", "", r.Commit, r.Processor, "", ""
	if e := words.BestEpoch(r.Epochs); e != nil {
		best = fmt.Sprintf("%d (*), validation accuracy %s", e.Epoch, words.Percent(e.ValAccuracy))
	}
	if r.TestAccuracy != nil && r.TestLoss != nil {
		test = fmt.Sprintf("accuracy %s, loss %s", words.Percent(*r.TestAccuracy), words.Loss(*r.TestLoss))
	}
	if commit != "" && r.Dirty {
		commit += " (with uncommitted changes)"
	}
	if r.Features != "" {
		// The instruction set that was used stands before the colon. JSON has all features.
		used, _, _ := strings.Cut(r.Features, ": ")
		processor += " (" + used + ")"
	}
	if r.InitFrom != "" {
		started = "weights sha256:" + words.First(12, r.InitFrom)
	}
	if r.Process > 0 {
		process = fmt.Sprintf("%d on %s", r.Process, r.Host)
	}
	facts := []Fact{
		{Name: "run", Value: r.ID},
		{Name: "experiment", Value: r.Experiment},
		{Name: "description", Value: r.Description},
		{Name: "status", Value: statusAndWhy(r.Run), ink: statusInk(r.Status)},
		{Name: "seed", Value: fmt.Sprint(r.Seed)},
		{Name: "mode", Value: r.Mode},
		{Name: "dataset", Value: r.Dataset},
		{Name: "started from", Value: started},
		{Name: "parameters", Value: words.Grouped(r.Parameters)},
		{Name: "multiply-adds", Value: words.Grouped(r.MultiplyAdds) + " per example"},
		{Name: "epochs", Value: fmt.Sprintf("%d of %d", len(r.Epochs), r.Run.Epochs)},
		{Name: "best epoch", Value: best},
		{Name: "test", Value: test},
		{Name: "test looks", Value: looks(r.Looks)},
		{Name: "started", Value: clock(r.Started)},
		{Name: "finished", Value: clock(r.Finished)},
		{Name: "commit", Value: commit},
		{Name: "version", Value: r.Version},
		{Name: "go", Value: r.GoVersion},
		{Name: "processor", Value: processor},
		{Name: "process", Value: process},
		{Name: "resumed", Value: unlessZero(r.Resumes)},
		{Name: "threads", Value: unlessZero(r.Threads)},
		{Name: "repeat", Value: record.Repeat(r)},
	}
	for i := range facts {
		facts[i].Value = words.Clean(facts[i].Value)
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
}

func unlessZero(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// looks says how often the test split was used, and by which commands; it is empty if never.
func looks(all []store.TestUse) string {
	times := map[string]int{}
	var commands []string // in order of their first look
	for _, l := range all {
		if times[l.Command]++; times[l.Command] == 1 {
			commands = append(commands, l.Command)
		}
	}
	if len(all) == 0 {
		return ""
	}
	for i, c := range commands {
		if n := times[c]; n > 1 {
			commands[i] = fmt.Sprintf("%s %d times", c, n)
		}
	}
	return fmt.Sprintf("%d: %s", len(all), strings.Join(commands, ", "))
}

// facts adds facts, with their values in one column.
func (p *page) facts(facts []Fact) {
	width := 0
	for _, f := range facts {
		width = max(width, len(f.Name))
	}
	for _, f := range facts {
		for i, line := range words.Wrap(f.Value, max(p.style.Width-width-gap, 0), 0) {
			name := strings.Repeat(" ", width)
			if i == 0 {
				name = p.style.paint(dim, f.Name) + strings.Repeat(" ", width-len(f.Name))
			}
			p.WriteString(name + strings.Repeat(" ", gap) + p.style.paint(f.ink, line) + "\n")
		}
	}
}

// clock is a moment to the second, with its zone; empty for the zero time.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04:05 -07:00")
}
