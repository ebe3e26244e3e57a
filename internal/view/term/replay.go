package term

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// Replay writes every epoch of a replay beside its record, and the verdict. Formats: Table, JSON.
func Replay(w io.Writer, r record.Replayed, format words.Format, style Style) error {
	verdict := record.NewVerdict(r)
	verdict.Epochs = r.Epochs
	return write(w, format, style, verdict, func(p *page) {
		table(p, replayColumns, r.Epochs)
		p.WriteString("\n")
		p.verdict(r, verdict.FirstDifference)
	})
}

// Verdict writes whether a run came out as it is on record; if not, the first epoch that differs, its differences, and
// those of the environment. Formats: Table, JSON.
func Verdict(w io.Writer, r record.Replayed, format words.Format, style Style) error {
	verdict := record.NewVerdict(r)
	return write(w, format, style, verdict, func(p *page) { p.verdict(r, verdict.FirstDifference) })
}

func (p *page) verdict(r record.Replayed, first *record.EpochDifference) {
	title := fmt.Sprintf("%s  run %s  ", r.Experiment, r.Run)
	if first == nil {
		p.say(green, 2, title+allEqual(r))
		return
	}
	p.say(red, 2, title+fmt.Sprintf("epoch %d of %d is the first that differs", first.Epoch, r.Recorded))
	p.WriteString("\n")
	table(p, differenceColumns(fmt.Sprintf("epoch %d", first.Epoch)), first.Fields)
	p.WriteString("\n")
	if len(r.Environment) == 0 {
		p.WriteString("Nothing on record about the environment differs.\n")
		return
	}
	table(p, differenceColumns("environment"), r.Environment)
}

// allEqual says how many epochs were equal, with the hash of the weights after the last one.
func allEqual(r record.Replayed) string {
	text := fmt.Sprintf("all %d epochs equal", len(r.Epochs))
	switch {
	case len(r.Epochs) < r.Recorded:
		text = fmt.Sprintf("%d of %d epochs compared, all equal", len(r.Epochs), r.Recorded)
	case r.Recorded == 1:
		text = "its one epoch equal"
	}
	last := r.Epochs[len(r.Epochs)-1]
	if last.Now == nil {
		return text + ", diverged as recorded"
	}
	return text + ", weights sha256:" + words.First(12, last.Now.WeightsHash)
}

// ReplayLine is the line printed for an epoch that was trained again, without a line end; total is how many will be.
func ReplayLine(e store.ReplayedEpoch, total int) string {
	if e.Now == nil {
		return fmt.Sprintf("epoch %*d/%d  diverged  %s", len(fmt.Sprint(total)), e.Epoch, total, compared(e))
	}
	return EpochLine(*e.Now, total, false) + "  " + compared(e)
}

func compared(e store.ReplayedEpoch) string {
	if len(e.Differences) > 0 {
		return "differs"
	}
	return "equal"
}

var replayColumns = []column[store.ReplayedEpoch]{
	{head: "epoch", right: true, cell: func(e store.ReplayedEpoch) string { return fmt.Sprint(e.Epoch) }},
	{head: "val accuracy recorded", short: "recorded", right: true,
		cell: func(e store.ReplayedEpoch) string { return reached(e.Recorded) }},
	{head: "val accuracy now", short: "now", right: true,
		cell: func(e store.ReplayedEpoch) string { return reached(e.Now) }},
	{head: "compared", cell: compared, ink: func(e store.ReplayedEpoch) ink {
		if len(e.Differences) > 0 {
			return red
		}
		return green
	}},
}

func reached(e *store.Epoch) string {
	if e == nil {
		return "diverged"
	}
	return words.Percent(e.ValAccuracy)
}

// differenceColumns are the columns of a table of differences. Numbers and hashes may differ at either end.
func differenceColumns(head string) []column[store.Difference] {
	type row = store.Difference
	return []column[row]{
		{head: head, cell: func(d row) string { return strings.ReplaceAll(d.Field, "_", " ") }},
		{head: "recorded", least: 10, ends: true, cell: func(d row) string { return cmp.Or(d.Recorded, words.None) }},
		{head: "now", least: 10, ends: true, cell: func(d row) string { return cmp.Or(d.Now, words.None) }},
	}
}
