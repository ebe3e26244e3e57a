package figure

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"runner/internal/view/plot"
	"runner/internal/view/record"
	"runner/internal/view/words"
	"runner/store"
)

const (
	mostMistakes = 24
	sheetColumns = 8
)

// Sizes of the sheet.
const (
	sheetTitle   = 96 * dot // the title and the line under it
	sheetHead    = 44 * dot // the head of a part
	sheetGap     = 36 * dot // between two pictures
	captionLine  = 24 * dot // of the two under a picture
	captionWidth = side + sheetGap - 8*dot
	sheetWidth   = 2*margin + sheetColumns*side + (sheetColumns-1)*sheetGap
	partGap      = 36 * dot
	leastPlot    = 330 * dot // the height of a plot
)

// ContactSheet draws a run on one page, to a .png or .svg file, which is written whole or not at all: the worst
// mistakes, the confusion matrix, and the curves of validation accuracy and training loss. The predictions are those of
// the whole validation split. The shape of pixels is (height, width, channels).
func ContactSheet(path string, r record.FullRun, predictions []store.Prediction, shape [3]int) error {
	f, err := newSheet(r, predictions, shape)
	if err != nil {
		return fmt.Errorf("figure %s: %w", path, err)
	}
	return writeFigure(path, f.size, f.description(), f.draw)
}

// sheet is what to draw and where.
type sheet struct {
	title, summary string
	mistakes       []mistake
	answers        store.Answers
	confusion      heat
	plots          []plot.Plot
	size           vg.Point

	fonts fonts
}

// mistake is an example that is taken for another class.
type mistake struct {
	index       int
	img         *image.RGBA
	first, last string // the two lines under it
}

func newSheet(r record.FullRun, predictions []store.Prediction, shape [3]int) (*sheet, error) {
	classes := len(r.Classes) // 0 where they are not on record
	for _, p := range predictions {
		classes = max(classes, len(p.Probabilities))
	}
	f := &sheet{
		fonts:   newFonts(),
		answers: store.NewAnswers(len(predictions), classes),
		plots:   []plot.Plot{plot.Accuracies(r.Epochs), plot.TrainLosses(r.Epochs)},
	}
	for i, p := range predictions {
		f.answers.Set(i, p.Label, taken(p))
	}
	f.confusion = newHeat(f.fonts, plot.Confusion("confusion on validation", f.answers.Confusion, r.Classes))
	if best := f.plots[0].Mark; best > 0 {
		f.plots[0].Title += fmt.Sprintf("; best: epoch %d", best)
	}
	for _, p := range worst(predictions, mostMistakes) {
		img, err := words.NewImage(p.Pixels, shape)
		if err != nil {
			return nil, fmt.Errorf("example %d: %w", p.Index, err)
		}
		after, sure := ", taken for", fmt.Sprintf(" %.0f%%", 100*p.Probabilities[taken(p)])
		f.mistakes = append(f.mistakes, mistake{
			index: p.Index, img: img,
			first: cut(f.fonts.label, words.ClassName(r.Classes, p.Label), captionWidth-f.fonts.label.Width(after)) + after,
			last:  cut(f.fonts.strong, words.ClassName(r.Classes, taken(p)), captionWidth-f.fonts.strong.Width(sure)) + sure,
		})
	}
	f.title = cut(f.fonts.title, fmt.Sprintf("%s, run %s", r.Experiment, r.ID), sheetWidth-2*margin)
	f.summary = fmt.Sprintf("%s of %s validation examples right, as of the best epoch",
		words.Percent(f.answers.Accuracy()), words.Grouped(int64(len(predictions))))
	f.size = vg.Point{X: sheetWidth, Y: margin + sheetTitle + f.mistakesHeight() + partGap + f.lowerHeight() + margin}
	return f, nil
}

// mistakesHeight is the height of the head and the rows of pictures.
func (f *sheet) mistakesHeight() vg.Length {
	rows := (len(f.mistakes) + sheetColumns - 1) / sheetColumns
	return sheetHead + vg.Length(rows)*(side+2*captionLine) + vg.Length(max(rows-1, 0))*sheetGap/2
}

// lowerHeight is the height of the matrix, and of the plots beside it.
func (f *sheet) lowerHeight() vg.Length {
	return max(f.confusion.height(), vg.Length(len(f.plots))*leastPlot)
}

// taken is the class that an example is taken for.
func taken(p store.Prediction) int { return words.MostProbable(p.Logits, 1)[0] }

// worst returns at most n mistakes, the greatest loss first.
func worst(predictions []store.Prediction, n int) []store.Prediction {
	var wrong []store.Prediction
	for _, p := range predictions {
		if taken(p) != p.Label {
			wrong = append(wrong, p)
		}
	}
	slices.SortStableFunc(wrong, func(a, b store.Prediction) int {
		return cmp.Compare(crossEntropy(b.Logits, b.Label), crossEntropy(a.Logits, a.Label))
	})
	return wrong[:min(n, len(wrong))]
}

// crossEntropy is the loss of an example, -log softmax(logits)[label]. It is computed from the logits, as the
// probability of a bad mistake is rounded to 0.
func crossEntropy(logits []float64, label int) float64 {
	greatest, sum := slices.Max(logits), 0.0
	for _, x := range logits {
		sum += math.Exp(x - greatest)
	}
	return greatest + math.Log(sum) - logits[label]
}

// description says in words what the sheet shows.
func (f *sheet) description() string {
	var out strings.Builder
	out.WriteString(f.title + ": " + f.summary)
	for _, m := range f.mistakes {
		fmt.Fprintf(&out, "\nno. %d: %s %s", m.index, m.first, m.last)
	}
	return out.String()
}
