package term

import (
	"slices"
	"strings"
	"testing"
	"time"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

func TestProgressLine(t *testing.T) {
	latest, accuracy := 0.43211, 0.85123
	p := record.Progress{Name: "lin[batch_size=64] seed 1", Epoch: 3, Epochs: 60, Loss: &latest, ValAccuracy: &accuracy,
		Share: 0.349, Left: 130 * time.Second}
	for _, c := range []struct {
		width int
		want  string
	}{
		{0, "lin[batch_size=64] seed 1       epoch 3/60     val 85.12%   loss 0.4321  ━━━━━━━━━───────────────────" +
			"  34%   2m10s left"},
		{100, "lin[batch_si…=64] seed 1  epoch 3/60     val 85.12%   loss 0.4321  ━━━━──────────  34%   2m10s left"},
		{80, "lin[batch_…4] seed 1  epoch 3/60     val 85.12%   loss 0.4321  34%   2m10s left"},
		{60, "lin[ba…seed 1  epoch 3/60     val 85.12%   34%   2m10s left"},
		{40, "lin[batch…4] seed 1  epoch 3/60     34%"},
		{20, "lin[bat…seed 1  34%"},
	} {
		got := ProgressLine(p, Style{Width: c.width})
		if got != c.want {
			t.Errorf("width %d:\n got %s\nwant %s", c.width, got, c.want)
		}
	}
}

// TestProgressLinesFit draws all kinds of lines at all widths: none is wider than
// the terminal, and their columns are under each other.
func TestProgressLinesFit(t *testing.T) {
	latest, accuracy := 123456.0, 1.0
	for width := 1; width < 250; width++ {
		style := Style{Width: width, Color: width%2 == 0}
		var columns []int
		for _, c := range []struct{ line, second string }{
			{ProgressLine(record.Progress{Name: "x", Epoch: 1, Epochs: 60, Left: -1}, style), "epoch "},
			{ProgressLine(record.Progress{Name: strings.Repeat("層", 60), Epoch: 12, Epochs: 100, Loss: &latest,
				ValAccuracy: &accuracy, Share: 1, Left: 1000 * time.Hour}, style), "epoch "},
			{ProgressLine(record.Progress{Name: "two\nlines\x1b[2J", Epoch: 12, Epochs: 1000, Loss: &latest, Share: 0.5,
				Left: time.Second}, style), "epoch "},
			{SweepLine(record.SweepProgress{Runs: 10000, Over: 12, Running: 64, Failed: 3, Share: 0.25, Left: time.Hour},
				style), "12/10000 runs"},
		} {
			plain := strings.NewReplacer("\x1b[36m", "", "\x1b[2m", "", "\x1b[0m", "").Replace(c.line)
			if words.Cells(plain) > width || strings.ContainsAny(plain, "\n\x1b") {
				t.Errorf("width %d: %d cells: %q", width, words.Cells(plain), plain)
			}
			if before, _, ok := strings.Cut(plain, c.second); ok {
				columns = append(columns, words.Cells(before))
			}
		}
		if width >= 40 && (len(columns) != 4 || slices.Max(columns) != slices.Min(columns)) {
			t.Errorf("width %d: the second column is at %d", width, columns)
		}
	}
}
