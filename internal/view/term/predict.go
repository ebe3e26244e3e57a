package term

import (
	"fmt"
	"io"
	"strings"

	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

// barWidth is the greatest width of the bar of probability 1, in cells.
const barWidth = 40

// Predictions writes, for every example, the true class and the top most probable ones with bars. JSON has all classes
// at full precision. Formats: Table (text), JSON.
func Predictions(w io.Writer, predictions []store.Prediction, classes []string, top int, format words.Format, style Style) error {
	switch format {
	case words.JSON:
		return record.WriteJSON(w, record.NewPredictionRecords(predictions))
	case words.Table:
		var out strings.Builder
		right := 0
		for _, p := range predictions {
			if words.Right(p) {
				right++
			}
			predictionText(&out, p, classes, top, style)
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "%d of %d right\n", right, len(predictions))
		return writeTrimmed(w, out.String())
	}
	return words.UnknownFormat(format)
}

func predictionText(out *strings.Builder, p store.Prediction, classes []string, top int, style Style) {
	ranked := words.MostProbable(p.Probabilities, top)
	names, width := make([]string, len(ranked)), 0
	for i, class := range ranked {
		names[i] = words.Clean(words.ClassName(classes, class))
		width = max(width, words.Cells(names[i]))
	}
	const figure = len("  100.0%  ")
	room := barWidth
	if style.Width > 0 {
		width = min(width, style.Width/2)
		room = max(min(room, style.Width-width-figure-2), 1)
	}

	mark, shade := "✗", red
	if words.Right(p) {
		mark, shade = "✓", green
	}
	title := fmt.Sprintf("example %d: %s", p.Index, words.Clean(words.ClassName(classes, p.Label)))
	if style.Width > 0 {
		title = words.Shorten(title, style.Width-2)
	}
	out.WriteString(style.paint(shade, mark) + " " + style.paint(bold, title) + "\n")
	for i, class := range ranked {
		name := words.Shorten(names[i], width)
		shade := plain
		if class == p.Label {
			shade = green
		}
		probability := p.Probabilities[class]
		out.WriteString("  " + style.paint(shade, name) + strings.Repeat(" ", width-words.Cells(name)))
		fmt.Fprintf(out, "  %6s  %s\n", words.Tenths(probability), style.paint(shade, bar(probability, room)))
	}
}

// bar is a bar of length fraction*width, to an eighth of a cell.
func bar(fraction float64, width int) string {
	if !words.Finite(fraction) {
		return ""
	}
	eighths := int(min(max(fraction, 0), 1)*float64(8*width) + 0.5)
	text := strings.Repeat("█", eighths/8)
	if part := eighths % 8; part > 0 {
		text += string([]rune("▏▎▍▌▋▊▉")[part-1])
	}
	return text
}
