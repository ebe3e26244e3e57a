package viewtest

import (
	"runner/internal/compare"
	"runner/internal/stats"
	"runner/store"
)

// SideBySide are three experiments: B has another network than A, and C is on other data.
func SideBySide() compare.Comparison {
	text, count := func(s string) *string { return &s }, func(n int64) *int64 { return &n }
	layer := func(index int, kind string, parameters, multiplyAdds int64, args ...compare.Argument) *compare.Layer {
		return &compare.Layer{Index: index, Kind: kind, Args: args,
			Costs: compare.Costs{Output: []int{10}, Parameters: count(parameters), MultiplyAdds: count(multiplyAdds)}}
	}
	arg := func(key, value string) compare.Argument { return compare.Argument{Key: key, Value: value} }
	same := compare.Argument{Key: "padding", Value: "same", Default: true}
	band := func(mean, around float64) *compare.Band {
		return &compare.Band{Mean: mean, Least: mean - around, Greatest: mean + around}
	}
	point := func(epoch, seeds int, accuracy, loss float64) compare.Point {
		return compare.Point{Epoch: epoch, Seeds: seeds, ValAccuracy: band(accuracy, 0.02), TrainLoss: band(loss, 0.1)}
	}
	unknown := &compare.Layer{Index: 3, Kind: "mixer", Args: []compare.Argument{arg("tokens", "7")}}
	return compare.Comparison{
		Sides: []compare.Side{
			{Label: "A", Experiment: "seed-cnn", Group: "g", Run: "3f9a01c4", Seed: 1, Seeds: 3, Mode: "full",
				Dataset: "cifar10", Status: store.Finished, Parameters: 653_130, MultiplyAdds: 1_852_416},
			{Label: "B", Experiment: "a-very-long-name[optimizer.adam.learning_rate=0.0003]", Group: "h", Run: "77777777",
				Seed: 12, Seeds: 3, Mode: "full", Dataset: "cifar10", InitFrom: Weights, Status: store.Running,
				Parameters: 1_340_000, MultiplyAdds: 1_870_000},
			{Label: "C", Experiment: "linear", Group: "i", Run: "deadbeef", Seed: 1, Seeds: 1, Mode: "full",
				Dataset: "synthetic", Status: store.Diverged, Parameters: 30_730, MultiplyAdds: 30_720},
		},
		Notes: []string{"A is on cifar10, C on synthetic: their accuracies do not compare, and no test says that they do."},
		Layers: []compare.Row{
			{Sides: []compare.Cell{
				{Layer: layer(0, "conv2d", 4736, 1_204_224, arg("filters", "32"), arg("kernel", "7"), same)},
				{Layer: layer(0, "conv2d", 9472, 1_210_000, arg("filters", "64"), arg("kernel", "7")), Status: compare.Changed,
					Changes: []compare.Change{{Key: "filters", From: text("32"), To: text("64")}, {Key: "stride", To: text("2")}}},
				{Status: compare.Removed},
			}},
			{Sides: []compare.Cell{{},
				{Layer: layer(1, "activation", 0, 0, arg("", "relu")), Status: compare.Added},
				{Layer: unknown, Status: compare.Added},
			}},
			{Sides: []compare.Cell{
				{Layer: layer(1, "flatten", 0, 0)},
				{Layer: layer(2, "flatten", 0, 0), Status: compare.Equal},
				{Layer: layer(0, "flatten", 0, 0), Status: compare.Equal},
			}},
		},
		Settings: []compare.Setting{
			{Key: "optimizer.adam.learning_rate", Values: []*string{text("0.001"), text("0.0003"), nil}},
			{Key: compare.InitFrom, Values: []*string{nil, text(Weights), nil}},
		},
		Test: compare.Test{Name: stats.PooledTest, Level: 0.05, Correction: stats.HolmCorrection, Pairs: 1,
			Text: "Pooled-variance t tests, so to speak."},
		Accuracies: []compare.Accuracy{
			{Label: "A", Seeds: make([]compare.Seed, 3), Mean: new(0.569), Low: new(0.5552), High: new(0.5828),
				Interval: stats.StudentInterval, TestAccuracy: new(0.56), TestUses: 4},
			{Label: "B", Seeds: make([]compare.Seed, 3), Mean: new(0.621), Low: new(0.6), High: new(0.642),
				Interval: stats.StudentInterval,
				Difference: &compare.Difference{Mean: 0.052, Low: 0.0304, High: 0.0736, P: 0.0012, Adjusted: 0.0024,
					Separated: true}},
			{Label: "C", Seeds: make([]compare.Seed, 1), Mean: new(0.3), Low: new(0.27), High: new(0.33),
				Interval: stats.WilsonInterval, Why: "A is on cifar10, C on synthetic"},
		},
		Answers: []compare.Answers{
			{Label: "B", Run: "77777777", Examples: 2100, BothRight: 1000, OnlyA: 200, Only: 300, BothWrong: 600, P: new(9e-6),
				Adjusted:   new(9e-6),
				ConfusionA: [][]int{{500, 88, 12}, {70, 600, 30}, {1, 2, 797}},
				Confusion:  [][]int{{530, 61, 9}, {70, 540, 90}, {0, 0, 800}}},
			{Label: "C", Run: "deadbeef", Why: "A is on cifar10, C on synthetic"},
		},
		Classes: []string{"cat", "dog", "a class with a really long name, longer than fits"},
		Curves: []compare.Curve{
			{Label: "A", Points: []compare.Point{point(1, 3, 0.3, 2), point(2, 3, 0.5, 1.5), point(3, 2, 0.569, 1.2)}},
			{Label: "B", Points: []compare.Point{point(1, 3, 0.4, 1.8), {Epoch: 2, Seeds: 3}, point(3, 3, 0.6, 1.1),
				point(4, 3, 0.621, 1)}},
			{Label: "C", Points: []compare.Point{point(1, 1, 0.3, 3)}},
		},
	}
}

// Twins are two runs of one experiment, of which little is on record.
func Twins() compare.Comparison {
	c := SideBySide()
	c.Sides, c.Notes, c.Settings, c.Test.Text = c.Sides[:2], []string{}, nil, "Nothing to compare."
	c.Sides[1].Experiment = "seed-cnn"
	c.Layers = c.Layers[2:]
	c.Layers[0].Sides = c.Layers[0].Sides[:2]
	c.Accuracies, c.Answers = c.Accuracies[:2], c.Answers[1:]
	c.Accuracies[1].Difference, c.Accuracies[1].Why = nil, "B is of the same experiment as A"
	c.Answers[0].Label, c.Answers[0].Why = "B", "run 77777777 of B is of a version that did not keep its answers"
	c.Curves = []compare.Curve{{Label: "A", OneRun: true, Points: c.Curves[0].Points}, {Label: "B", OneRun: true}}
	return c
}
