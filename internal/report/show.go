package report

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"runner/store"
)

// Show writes everything about one run: facts, resolved experiment, curves of
// validation accuracy and training loss, how well it tells the classes of the
// validation split apart, and every epoch. Formats: Table, JSON.
func Show(w io.Writer, r FullRun, format Format, style Style) error {
	switch format {
	case JSON:
		return writeJSON(w, newShowRecord(r))
	case Table:
		return showText(w, r, style)
	}
	return unknownFormat(format)
}

func showText(w io.Writer, r FullRun, style Style) error {
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
	for _, c := range []struct {
		title  string
		values []float64
	}{
		{"validation accuracy, percent", series(epochs, 100, func(e store.Epoch) float64 { return e.ValAccuracy })},
		{"train loss", series(epochs, 1, func(e store.Epoch) float64 { return e.TrainLoss })},
	} {
		if text := curve(c.values, style.Width); text != "" {
			out.WriteString("\n" + style.paint(bold, c.title) + "\n" + text + "\n")
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
	if e := bestEpoch(epochs); e != nil {
		best = e.Epoch
	}
	return writeTable(w, epochColumns(best), epochs, style)
}

// series is one field of every epoch, times scale.
func series(epochs []store.Epoch, scale float64, field func(store.Epoch) float64) []float64 {
	values := make([]float64, len(epochs))
	for i, e := range epochs {
		values[i] = scale * field(e)
	}
	return values
}

// fact is a line "name  value" at the head of a run.
type fact struct {
	name, value string
	ink         ink
}

// showFacts are the facts of a run; those that are not known are left out.
func showFacts(r FullRun) []fact {
	run, epochs := r.Run, r.Epochs
	commit := run.Commit
	if commit != "" && run.Dirty {
		commit += " (with uncommitted changes)"
	}
	processor := run.Processor
	if run.Features != "" {
		// Before the colon stands what was used; all that there is is in the JSON.
		used, _, _ := strings.Cut(run.Features, ": ")
		processor += " (" + used + ")"
	}
	startedFrom := ""
	if run.InitFrom != "" {
		startedFrom = "weights sha256:" + first(12, run.InitFrom)
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
		{name: "parameters", value: grouped(run.Parameters)},
		{name: "multiply-adds", value: grouped(run.MultiplyAdds) + " per example"},
		{name: "epochs", value: fmt.Sprintf("%d of %d", len(epochs), run.Epochs)},
	}
	if e := bestEpoch(epochs); e != nil {
		facts = append(facts, fact{name: "best epoch", value: fmt.Sprintf("%d (*), validation accuracy %s", e.Epoch, percent(e.ValAccuracy))})
	}
	if run.TestAccuracy != nil && run.TestLoss != nil {
		facts = append(facts, fact{name: "test", value: fmt.Sprintf("accuracy %s, loss %s", percent(*run.TestAccuracy), loss(*run.TestLoss))})
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
	return append(facts, fact{name: "repeat", value: repeat(r)})
}

// looks tells how often the test split was looked at, and by which commands; empty
// if never.
func looks(all []store.Look) string {
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

// repeat is the command that trains a run once more: what is on record leaves out
// only the file that it started from.
func repeat(r FullRun) string {
	store := folder("store", r.Store)
	command := fmt.Sprintf("runner show %s --config%s > %[1]s.yaml && ", r.ID, store)
	if strings.HasPrefix(r.Features, "purego: ") { // the others give each other's bits
		command += "RUNNER_ISA=purego "
	}
	command += fmt.Sprintf("runner run %s.yaml --again%s%s", r.ID, store, folder("data", r.Data))
	if r.InitFrom != "" {
		command += " --init-from FILE"
	}
	if r.Threads > 0 {
		command += fmt.Sprintf(" --threads %d", r.Threads)
	}
	return command
}

// folder is a flag that names a folder, as a shell reads it; empty for the usual one.
func folder(flag, dir string) string {
	if dir == "" {
		return ""
	}
	plain := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("/._-", c) }
	if strings.TrimLeftFunc(dir, plain) != "" {
		dir = "'" + strings.ReplaceAll(dir, "'", `'\''`) + "'"
	}
	return " --" + flag + " " + dir
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
		for i, line := range wrap(clean(f.value), max(style.Width-width-gap, 0), 0) {
			name := strings.Repeat(" ", width)
			if i == 0 {
				name = style.paint(dim, f.name) + strings.Repeat(" ", width-len(f.name))
			}
			out.WriteString(name + strings.Repeat(" ", gap) + style.paint(f.ink, line) + "\n")
		}
	}
}

// clock is a moment to the second, with its zone; empty when it has not come.
func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02 15:04:05 -07:00")
}
