package term

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"runner/internal/view/record"
	"runner/internal/view/words"
)

// ProgressLine shows a run in training on one line, without a line end. Lines of one width have their columns aligned.
// Fields that do not fit are dropped.
func ProgressLine(p record.Progress, style Style) string {
	val, last := "", ""
	if p.ValAccuracy != nil {
		val = "val " + words.Percent(*p.ValAccuracy)
	}
	if p.Loss != nil {
		last = "loss " + words.Loss(*p.Loss)
	}
	return progressLine(words.Clean(p.Name), []field{
		{13, fmt.Sprintf("epoch %d/%d", p.Epoch, p.Epochs)}, {11, val}, {11, last},
	}, p.Share, p.Left, style)
}

// SweepLine shows a sweep in progress, aligned with ProgressLine.
func SweepLine(p record.SweepProgress, style Style) string {
	failed := ""
	if p.Failed > 0 {
		failed = fmt.Sprintf("%d failed", p.Failed)
	}
	return progressLine("sweep", []field{
		{13, fmt.Sprintf("%d/%d runs", p.Over, p.Runs)}, {11, failed}, {11, fmt.Sprintf("%d running", p.Running)},
	}, p.Share, p.Left, style)
}

// field is a text in a column of at least width cells.
type field struct {
	width int
	text  string
}

const (
	leastName, mostName = 12, 40
	leastBar, mostBar   = 8, 30
	nameBesideBar       = 24 // at least
)

// progressLine composes name, fields, bar, share and time left.
func progressLine(name string, fields []field, share float64, left time.Duration, style Style) string {
	if share = min(max(share, 0), 1); math.IsNaN(share) {
		share = 0
	}
	width := style.Width
	if width == 0 {
		width = 120 // not a terminal: nothing is cut there but the name
	}
	fields = append(fields, field{4, fmt.Sprintf("%.0f%%", math.Floor(100*share))})
	if left >= 0 {
		fields = append(fields, field{11, words.Duration(left) + " left"})
	} else {
		fields = append(fields, field{11, ""})
	}
	room := func() int { // for the name and the bar
		room := width
		for _, f := range fields {
			room -= 2 + max(f.width, words.Cells(f.text))
		}
		return room
	}
	// The fields in the order in which they go: loss, val, time left, epoch.
	for _, i := range []int{2, 1, 2, 0} {
		if room() >= leastName {
			break
		}
		fields = append(fields[:i], fields[i+1:]...)
	}
	space := room()
	if space < 1 {
		return words.Shorten(fields[len(fields)-1].text, width)
	}
	nameWidth := min(space, mostName)
	if space >= nameBesideBar+2+leastBar {
		nameWidth = max(nameBesideBar, min(space/2, mostName))
		barWidth := min(space-2-nameWidth, mostBar)
		fields = slices.Insert(fields, len(fields)-2, field{barWidth, shareBar(share, barWidth, style)})
	}
	line := pad(words.ShortenMiddle(name, nameWidth), nameWidth)
	for _, f := range fields {
		line += "  " + pad(f.text, f.width)
	}
	return strings.TrimRight(line, " ")
}

// shareBar draws a share of width cells.
func shareBar(share float64, width int, style Style) string {
	full := int(share * float64(width))
	return style.paint(cyan, strings.Repeat("━", full)) + style.paint(dim, strings.Repeat("─", width-full))
}

// pad fills text up to width cells.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-words.Cells(text)))
}
