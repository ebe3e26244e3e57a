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
func Predictions(w io.Writer, predictions []store.Prediction, classes []string, top int, format words.Format,
	style Style) error {
	return write(w, format, style, record.NewPredictionRecords(predictions), func(p *page) {
		right := 0
		for _, each := range predictions {
			if words.Right(each) {
				right++
			}
			p.prediction(each, classes, top)
			p.WriteString("\n")
		}
		fmt.Fprintf(p, "%d of %d right\n", right, len(predictions))
	})
}

func (p *page) prediction(of store.Prediction, classes []string, top int) {
	ranked := words.MostProbable(of.Probabilities, top)
	names, width := make([]string, len(ranked)), 0
	for i, class := range ranked {
		names[i] = words.Clean(words.ClassName(classes, class))
		width = max(width, words.Cells(names[i]))
	}
	const figure = len("  100.0%  ")
	room := barWidth
	if p.style.Width > 0 {
		width = min(width, p.style.Width/2)
		room = max(min(room, p.style.Width-width-figure-2), 1)
	}

	mark, shade := "✗", red
	if words.Right(of) {
		mark, shade = "✓", green
	}
	title := fmt.Sprintf("example %d: %s", of.Index, words.Clean(words.ClassName(classes, of.Label)))
	if p.style.Width > 0 {
		title = words.Shorten(title, p.style.Width-2)
	}
	p.WriteString(p.style.paint(shade, mark) + " " + p.style.paint(bold, title) + "\n")
	for i, class := range ranked {
		name := words.Shorten(names[i], width)
		shade := plain
		if class == of.Label {
			shade = green
		}
		probability := of.Probabilities[class]
		p.WriteString("  " + p.style.paint(shade, name) + strings.Repeat(" ", width-words.Cells(name)))
		fmt.Fprintf(p, "  %6s  %s\n", words.Tenths(probability), p.style.paint(shade, bar(probability, room)))
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
