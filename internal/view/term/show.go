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
	switch format {
	case words.JSON:
		return record.WriteJSON(w, record.NewShowRecord(r))
	case words.Table:
		return showText(w, r, style)
	}
	return words.UnknownFormat(format)
}

func showText(w io.Writer, r record.FullRun, style Style) error {
	run, epochs := r.Run, r.Epochs
	var out strings.Builder
	writeFacts(&out, showFacts(r), style)

	if run.Stack != "" {
		out.WriteString("\n" + style.paint(bold, "stack of the crash") + "\n")
		for _, line := range lines(run.Stack, "  ", style) {
			out.WriteString(line + "\n")
		}
	}
	out.WriteString("\n" + style.paint(bold, "resolved experiment") + "\n")
	for _, line := range lines(run.Config, "  ", style) {
		out.WriteString(line + "\n")
	}
	for _, p := range []plot.Plot{plot.Accuracies(epochs), plot.TrainLosses(epochs)} {
		if text := drawPlot(p, style.Width); text != "" {
			out.WriteString("\n" + style.paint(bold, p.Title) + "\n" + text + "\n")
		}
	}
	if err := writeTrimmed(w, out.String()); err != nil {
		return err
	}
	if len(epochs) == 0 {
		_, err := io.WriteString(w, "\nNo epoch has been finished.\n")
		return err
	}
	if err := writeAnswers(w, r, style); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return err
	}
	best := 0
	if e := words.BestEpoch(epochs); e != nil {
		best = e.Epoch
	}
	return writeTable(w, epochColumns(best), epochs, style)
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
		facts = append(facts, fact{name: "best epoch", value: fmt.Sprintf("%d (*), validation accuracy %s", e.Epoch, words.Percent(e.ValAccuracy))})
	}
	if run.TestAccuracy != nil && run.TestLoss != nil {
		facts = append(facts, fact{name: "test", value: fmt.Sprintf("accuracy %s, loss %s", words.Percent(*run.TestAccuracy), words.Loss(*run.TestLoss))})
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
func writeFacts(out *strings.Builder, facts []fact, style Style) {
	width := 0
	for _, f := range facts {
		width = max(width, len(f.name))
	}
	for _, f := range facts {
		if f.value == "" {
			continue
		}
		for i, line := range words.Wrap(words.Clean(f.value), max(style.Width-width-gap, 0), 0) {
			name := strings.Repeat(" ", width)
			if i == 0 {
				name = style.paint(dim, f.name) + strings.Repeat(" ", width-len(f.name))
			}
			out.WriteString(name + strings.Repeat(" ", gap) + style.paint(f.ink, line) + "\n")
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
