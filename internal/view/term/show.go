package term

import (
	"fmt"
	"io"
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
	writeFacts(p, showFacts(r))
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

// fact is a line "name  value" at the head of a run.
type fact struct {
	name, value string
	ink         ink
}

// showFacts are the known facts of a run.
func showFacts(r record.FullRun) []fact {
	run, epochs := r.Run, r.Epochs
	commit := run.Commit
	if commit != "" && run.Dirty {
		commit += " (with uncommitted changes)"
	}
	processor := run.Processor
	if run.Features != "" {
		// The instruction set that was used stands before the colon. JSON has all features.
		used, _, _ := strings.Cut(run.Features, ": ")
		processor += " (" + used + ")"
	}
	startedFrom := ""
	if run.InitFrom != "" {
		startedFrom = "weights sha256:" + words.First(12, run.InitFrom)
	}
	facts := []fact{
		{name: "run", value: run.ID},
		{name: "experiment", value: run.Experiment},
		{name: "description", value: run.Description},
		{name: "status", value: statusAndWhy(run), ink: statusInk(run.Status)},
		{name: "seed", value: fmt.Sprint(run.Seed)},
		{name: "mode", value: run.Mode},
		{name: "dataset", value: run.Dataset},
		{name: "started from", value: startedFrom},
		{name: "parameters", value: words.Grouped(run.Parameters)},
		{name: "multiply-adds", value: words.Grouped(run.MultiplyAdds) + " per example"},
		{name: "epochs", value: fmt.Sprintf("%d of %d", len(epochs), run.Epochs)},
	}
	if e := words.BestEpoch(epochs); e != nil {
		facts = append(facts, fact{name: "best epoch", value: fmt.Sprintf("%d (*), validation accuracy %s", e.Epoch,
			words.Percent(e.ValAccuracy))})
	}
	if run.TestAccuracy != nil && run.TestLoss != nil {
		facts = append(facts, fact{name: "test", value: fmt.Sprintf("accuracy %s, loss %s",
			words.Percent(*run.TestAccuracy), words.Loss(*run.TestLoss))})
	}
	facts = append(facts,
		fact{name: "test looks", value: looks(r.Looks)},
		fact{name: "started", value: clock(run.Started)},
		fact{name: "finished", value: clock(run.Finished)},
		fact{name: "commit", value: commit},
		fact{name: "version", value: run.Version},
		fact{name: "go", value: run.GoVersion},
		fact{name: "processor", value: processor},
	)
	if run.Process > 0 {
		facts = append(facts, fact{name: "process", value: fmt.Sprintf("%d on %s", run.Process, run.Host)})
	}
	if run.Resumes > 0 {
		facts = append(facts, fact{name: "resumed", value: fmt.Sprint(run.Resumes)})
	}
	if run.Threads > 0 {
		facts = append(facts, fact{name: "threads", value: fmt.Sprint(run.Threads)})
	}
	return append(facts, fact{name: "repeat", value: record.Repeat(r)})
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

// writeFacts aligns the values of the facts that have one.
func writeFacts(p *page, facts []fact) {
	width := 0
	for _, f := range facts {
		width = max(width, len(f.name))
	}
	for _, f := range facts {
		if f.value == "" {
			continue
		}
		for i, line := range words.Wrap(words.Clean(f.value), max(p.style.Width-width-gap, 0), 0) {
			name := strings.Repeat(" ", width)
			if i == 0 {
				name = p.style.paint(dim, f.name) + strings.Repeat(" ", width-len(f.name))
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
