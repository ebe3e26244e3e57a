package term

import (
	"fmt"

	"runner/internal/view/words"
	"runner/store"
)

// EpochLine is the line printed for an epoch while training, without a line end: losses, validation accuracy, learning
// rate, seconds of training and of evaluation. total is the number of planned epochs; best marks the best validation
// accuracy so far.
func EpochLine(e store.Epoch, total int, best bool) string {
	width := len(fmt.Sprint(total))
	line := fmt.Sprintf("epoch %*d/%d  train %6s  batch %6s  val %6s  %6s  lr %-7s  %s + %s",
		width, e.Epoch, total, words.Loss(e.TrainLoss), words.Loss(e.BatchLoss), words.Loss(e.ValLoss),
		words.Percent(e.ValAccuracy), words.Rate(e.LearningRate), words.Seconds(e.Seconds), words.Seconds(e.EvalSeconds))
	if best {
		line += "  best"
	}
	return line
}

// epochColumns are the columns of a table of a run's epochs; best is the epoch to mark.
func epochColumns(best int) []column[store.Epoch] {
	type row = store.Epoch
	columns := []column[row]{
		{head: "epoch", right: true, cell: func(e row) string { return fmt.Sprint(e.Epoch) }},
		{head: "train loss", short: "train", right: true, drop: 1,
			cell: func(e row) string { return words.Loss(e.TrainLoss) }},
		{head: "batch loss", short: "batch", right: true, drop: 4,
			cell: func(e row) string { return words.Loss(e.BatchLoss) }},
		{head: "val loss", short: "val", right: true, cell: func(e row) string { return words.Loss(e.ValLoss) }},
		{head: "val accuracy", short: "val acc", right: true, cell: func(e row) string {
			mark := "  "
			if e.Epoch == best {
				mark = " *"
			}
			return words.Percent(e.ValAccuracy) + mark
		}},
		{head: "learning rate", short: "lr", right: true, drop: 5,
			cell: func(e row) string { return words.Rate(e.LearningRate) }},
		{head: "seconds", right: true, drop: 3, cell: func(e row) string { return fmt.Sprintf("%.2f", e.Seconds) }},
		{head: "eval", right: true, drop: 6, cell: func(e row) string { return fmt.Sprintf("%.2f", e.EvalSeconds) }},
		{head: "weights", drop: 7, cell: func(e row) string { return words.First(12, e.WeightsHash) }},
	}
	return inked(columns, func(e row) ink {
		if e.Epoch == best {
			return bold
		}
		return plain
	})
}
