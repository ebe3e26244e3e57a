package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Prediction is what a network says about one example.
type Prediction struct {
	Index         int       // in the split it was drawn from
	Label         int       // the true class
	Logits        []float64 // one a class
	Probabilities []float64 // softmax of the logits
	Pixels        []byte    // (height, width, channels); only the figure needs them
}

// right says whether the most probable class is the true one.
func (p Prediction) right() bool {
	first := mostProbable(p.Probabilities, 1)
	return len(first) == 1 && first[0] == p.Label
}

// barWidth is the width of the bar of probability 1, in cells, at most.
const barWidth = 40

// Predictions writes, for every example, the true class and the top most
// probable ones with bars. JSON carries all classes at full precision.
// Formats: Table (text), JSON.
func Predictions(w io.Writer, predictions []Prediction, classes []string, top int, format Format, style Style) error {
	switch format {
	case JSON:
		return writeJSON(w, newPredictionRecords(predictions))
	case Table:
		var out strings.Builder
		right := 0
		for _, p := range predictions {
			if p.right() {
				right++
			}
			predictionText(&out, p, classes, top, style)
			out.WriteString("\n")
		}
		fmt.Fprintf(&out, "%d of %d right\n", right, len(predictions))
		return writeTrimmed(w, out.String())
	}
	return unknownFormat(format)
}

func predictionText(out *strings.Builder, p Prediction, classes []string, top int, style Style) {
	ranked := mostProbable(p.Probabilities, top)
	names, width := make([]string, len(ranked)), 0
	for i, class := range ranked {
		names[i] = clean(className(classes, class))
		width = max(width, cells(names[i]))
	}
	const figure = len("  100.0%  ")
	room := barWidth
	if style.Width > 0 {
		width = min(width, style.Width/2)
		room = max(min(room, style.Width-width-figure-2), 1)
	}

	mark, shade := "✗", red
	if p.right() {
		mark, shade = "✓", green
	}
	title := fmt.Sprintf("example %d: %s", p.Index, clean(className(classes, p.Label)))
	if style.Width > 0 {
		title = shorten(title, style.Width-2)
	}
	out.WriteString(style.paint(shade, mark) + " " + style.paint(bold, title) + "\n")
	for i, class := range ranked {
		name := shorten(names[i], width)
		shade := plain
		if class == p.Label {
			shade = green
		}
		probability := p.Probabilities[class]
		out.WriteString("  " + style.paint(shade, name) + strings.Repeat(" ", width-cells(name)))
		fmt.Fprintf(out, "  %6s  %s\n", tenths(probability), style.paint(shade, bar(probability, room)))
	}
}

// tenths writes a fraction as a percentage with one decimal.
func tenths(fraction float64) string {
	if !finite(fraction) {
		return none
	}
	return fmt.Sprintf("%.1f%%", 100*fraction)
}

// bar is a bar of length fraction*width, to an eighth of a cell.
func bar(fraction float64, width int) string {
	if !finite(fraction) {
		return ""
	}
	eighths := int(min(max(fraction, 0), 1)*float64(8*width) + 0.5)
	text := strings.Repeat("█", eighths/8)
	if part := eighths % 8; part > 0 {
		text += string([]rune("▏▎▍▌▋▊▉")[part-1])
	}
	return text
}

// mostProbable returns the top classes, most probable first; the lower index
// first where probabilities are equal, and NaN last.
func mostProbable(probabilities []float64, top int) []int {
	ranked := make([]int, len(probabilities))
	for i := range ranked {
		ranked[i] = i
	}
	slices.SortStableFunc(ranked, func(a, b int) int {
		x, y := probabilities[a], probabilities[b]
		switch {
		case x > y, finite(x) && !finite(y):
			return -1
		case x < y, finite(y) && !finite(x):
			return 1
		}
		return 0
	})
	return ranked[:max(0, min(top, len(ranked)))]
}

// className is the name of a class, its number where it has none.
func className(classes []string, label int) string {
	if label < 0 || label >= len(classes) {
		return fmt.Sprintf("class %d", label)
	}
	return classes[label]
}

// predictionRecord is a prediction as machines read it.
type predictionRecord struct {
	Index         int      `json:"index"`
	Label         int      `json:"label"`
	Logits        []number `json:"logits"`
	Probabilities []number `json:"probabilities"`
}

func newPredictionRecords(predictions []Prediction) []predictionRecord {
	records := make([]predictionRecord, len(predictions))
	for i, p := range predictions {
		records[i] = predictionRecord{p.Index, p.Label, numbers(p.Logits), numbers(p.Probabilities)}
	}
	return records
}
