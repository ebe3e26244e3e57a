package words

import (
	"image/color"
)

// Shading returns how dark the cells of a confusion matrix are, 0 to 1: by their
// share of the label's examples, the right answers beside the greatest such share
// of a right answer, the wrong ones beside that of a wrong one.
func Shading(confusion [][]int) func(label, predicted int) float64 {
	shares := make([][]float64, len(confusion))
	var right, wrong float64
	for i, row := range confusion {
		total := 0
		for _, n := range row {
			total += n
		}
		shares[i] = make([]float64, len(row))
		for j, n := range row {
			shares[i][j] = float64(n) / float64(max(total, 1))
			if i == j {
				right = max(right, shares[i][j])
			} else {
				wrong = max(wrong, shares[i][j])
			}
		}
	}
	return func(i, j int) float64 {
		switch {
		case shares[i][j] == 0:
			return 0
		case i == j:
			return shares[i][j] / right
		}
		return shares[i][j] / wrong
	}
}

// CellColor is the colour of a cell of a confusion matrix: what is right has one,
// what is wrong another, from white to full at a darkness of 0 to 1.
func CellColor(label, predicted int, darkness float64) color.RGBA {
	full := WrongColor
	if label == predicted {
		full = TrueColor
	}
	mix := func(c uint8) uint8 { return uint8(255 - darkness*float64(255-c) + 0.5) }
	return color.RGBA{mix(full.R), mix(full.G), mix(full.B), 255}
}
