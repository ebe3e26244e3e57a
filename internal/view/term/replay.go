package term

import (
	"fmt"
	"io"
	"strings"

	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// Replay writes every epoch of a replay beside its record, and the verdict. Formats: Table, JSON.
func Replay(w io.Writer, r record.Replayed, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		verdict := record.NewVerdict(r)
		verdict.Epochs = r.Epochs
		return record.WriteJSON(w, verdict)
	case words.Table:
		if err := writeTable(w, replayColumns(), r.Epochs, style); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	return Verdict(w, r, format, style)
}

// Verdict writes whether a run came out as it is on record; if not, the first epoch that differs, its differences, and
// those of the environment. Formats: Table, JSON.
func Verdict(w io.Writer, r record.Replayed, format words.Format, style Style) error {
	verdict := record.NewVerdict(r)
	switch format {
	case words.JSON:
		return record.WriteJSON(w, verdict)
	case words.Table:
		return verdictText(w, r, verdict.FirstDifference, style)
	}
	return words.UnknownFormat(format)
}

func verdictText(w io.Writer, r record.Replayed, first *record.EpochDifference, style Style) error {
	line, color := "", green
	if first == nil {
		line = allEqual(r)
	} else {
		line, color = fmt.Sprintf("epoch %d of %d is the first that differs", first.Epoch, r.Recorded), red
	}
	line = words.Clean(fmt.Sprintf("%s  run %s  %s", r.Experiment, r.Run, line))
	for _, part := range words.Wrap(line, style.Width, 2) {
		if _, err := fmt.Fprintln(w, style.paint(color, part)); err != nil {
			return err
		}
	}
	if first == nil {
		return nil
	}
	for _, table := range []struct {
		head string
		rows []store.Difference
	}{
		{fmt.Sprintf("epoch %d", first.Epoch), first.Fields},
		{"environment", r.Environment},
	} {
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
		if len(table.rows) == 0 {
			_, err := io.WriteString(w, "Nothing on record about the environment differs.\n")
			return err
		}
		if err := writeTable(w, differenceColumns(table.head), table.rows, style); err != nil {
			return err
		}
	}
	return nil
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

func replayColumns() []column[store.ReplayedEpoch] {
	type row = store.ReplayedEpoch
	accuracy := func(e *store.Epoch) string {
		if e == nil {
			return "diverged"
		}
		return words.Percent(e.ValAccuracy)
	}
	return []column[row]{
		{head: "epoch", right: true, cell: func(e row) string { return fmt.Sprint(e.Epoch) }},
		{head: "val accuracy recorded", short: "recorded", right: true, cell: func(e row) string { return accuracy(e.Recorded) }},
		{head: "val accuracy now", short: "now", right: true, cell: func(e row) string { return accuracy(e.Now) }},
		{head: "compared", cell: compared, ink: func(e row) ink {
			if len(e.Differences) > 0 {
				return red
			}
			return green
		}},
	}
}

// differenceColumns are the columns of a table of differences. Numbers and hashes may differ at either end.
func differenceColumns(head string) []column[store.Difference] {
	type row = store.Difference
	side := func(text string) string {
		if text == "" {
			return words.None
		}
		return text
	}
	return []column[row]{
		{head: head, cell: func(d row) string { return strings.ReplaceAll(d.Field, "_", " ") }},
		{head: "recorded", least: 10, ends: true, cell: func(d row) string { return side(d.Recorded) }},
		{head: "now", least: 10, ends: true, cell: func(d row) string { return side(d.Now) }},
	}
}
