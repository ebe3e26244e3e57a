// Package viewtest holds what the tests of views share: runs, boards and comparisons to draw, and golden files.
package viewtest

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"runner/internal/standing"
	"runner/internal/stats"
	"runner/internal/view/record"
	"runner/store"
)

var update = flag.Bool("update", false, "rewrite testdata/*.golden")

// Golden compares what write writes with testdata/<name>.golden.
func Golden(t *testing.T, name string, write func(*bytes.Buffer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func Board() standing.Board {
	rows := []standing.Standing{
		{
			Ranking: standing.Ranking{Rank: 1},
			Subject: standing.Subject{Experiment: "wide-cnn", Mode: "full", Dataset: "cifar10",
				Configuration: map[string]string{"layers": "3 conv2d, flatten, 2 dense", "optimizer.adam.learning_rate": "0.001",
					"batch_size": "128"}},
			Cost: standing.Cost{Parameters: 4_745_472, Memory: new(int64(412_000_000)), MultiplyAdds: 38_012_345},
			Accuracy: standing.Accuracy{Seeds: 3, ValAccuracy: new(0.71234), ValAccuracyStd: new(0.00312),
				ValAccuracyLow: new(0.70459), ValAccuracyHigh: new(0.72009), Interval: stats.StudentInterval, MoreSeeds: new(0)},
			TestResult: standing.TestResult{TestAccuracy: new(0.70555), TestUses: 4},
			Time:       standing.Time{SecondsPerEpoch: new(21.5312)},
			Pareto:     true,
			BestEpoch:  new(41),
			Status:     "finished",
			Curve:      []float64{0.3, 0.5, 0.6, 0.65, 0.7, 0.71},
		},
		{
			Ranking: standing.Ranking{Rank: 2, Tied: true},
			Subject: standing.Subject{Experiment: "seed-cnn", Mode: "full", Dataset: "cifar10",
				Configuration: map[string]string{"layers": "conv2d, flatten, dense", "optimizer.adam.learning_rate": "0.0003",
					"batch_size": "128"}},
			Cost: standing.Cost{Parameters: 646_346, Memory: new(int64(98_000_000)), MultiplyAdds: 9_490_000},
			Accuracy: standing.Accuracy{Seeds: 1, ValAccuracy: new(0.569), ValAccuracyLow: new(0.5552),
				ValAccuracyHigh: new(0.5827), Interval: stats.WilsonInterval, MoreSeeds: new(12)},
			Time:      standing.Time{SecondsPerEpoch: new(2.1)},
			Pareto:    true,
			BestEpoch: new(50),
			Status:    "running",
			Curve:     []float64{0.2, 0.569},
			Runs:      []store.GroupRun{{Logged: 50, Status: store.Running}, {Status: store.Failed}},
		},
		{
			Ranking: standing.Ranking{Rank: 2, Tied: true},
			Subject: standing.Subject{Experiment: "a-very-long-name[optimizer.adam.learning_rate=0.0003]",
				Mode: "single-batch", Dataset: "cifar10", Configuration: map[string]string{"layers": "dense", "batch_size": "256"}},
			Cost: standing.Cost{Parameters: 999_600, MultiplyAdds: 95_000_000},
			Accuracy: standing.Accuracy{Seeds: 2, ValAccuracy: new(0.0999), ValAccuracyStd: new(0.10),
				ValAccuracyLow: new(0.0), ValAccuracyHigh: new(0.9984), Interval: stats.StudentInterval},
			TestResult: standing.TestResult{TestAccuracy: new(0.1), TestUses: 1},
			Time:       standing.Time{SecondsPerEpoch: new(0.0312), SecondsToTarget: new(1.25)},
			BestEpoch:  new(1),
			Status:     "diverged",
			Runs:       []store.GroupRun{{Logged: 3, Status: store.Finished}, {Logged: 1, Status: store.Diverged}},
		},
		{Ranking: standing.Ranking{Rank: 4, Tied: true}, Subject: standing.Subject{Experiment: "pipe|and`tick`", Mode: "full",
			Dataset: "cifar10"}, Cost: standing.Cost{Parameters: 12}, Status: "failed"},
		{
			Ranking: standing.Ranking{Rank: 4, Tied: true},
			Subject: standing.Subject{Experiment: "seed-cnn", Mode: "full", Dataset: "cifar10", InitFrom: Weights},
			Cost:    standing.Cost{Parameters: 646_346, MultiplyAdds: 9_490_000},
			Status:  "failed",
		},
	}
	return standing.Board{
		Standings: rows, More: 1234, Settings: []string{"layers", "optimizer.adam.learning_rate", "batch_size"},
		Tests: []standing.Test{{Dataset: "cifar10", Test: stats.Test{Name: stats.PooledTest, Level: 0.05,
			Correction: stats.HolmCorrection, Pairs: 3, Deviation: 0.0123, DF: 3}}},
	}
}

// BoardOfTwoDatasets is ranked in each, and sorted by what it should not be.
func BoardOfTwoDatasets() standing.Board {
	b := Board()
	b.Standings = append(b.Standings[:2], Board().Standings[:3]...)
	for i := range b.Standings[2:] {
		b.Standings[2+i].Dataset = "synthetic"
	}
	b.Tests = append(b.Tests, standing.Test{Dataset: "synthetic",
		Test: stats.Test{Name: stats.ProportionsTest, Level: 0.05, Correction: stats.HolmCorrection, Pairs: 3, Trials: 1000}})
	b.SortedByTest, b.TestUses = true, 9
	return b
}

// BoardOfChosenColumns shows what was asked for, in that order.
func BoardOfChosenColumns() standing.Board {
	b := Board()
	b.Columns = []string{"seconds_to_target", "batch_size", "val_accuracy", "best_of"}
	b.Settings, b.Target, b.More = []string{"batch_size"}, 0.6, 0
	for i := range b.Standings {
		b.Standings[i].BestOf = i + 1
	}
	return b
}

func Proxy() standing.Proxy {
	return standing.Proxy{
		Pairs: []standing.Pair{
			{Experiment: "wide-cnn", Dataset: "cifar10", SingleBatch: 0.61, SingleSeeds: 3, SingleRank: 2, Full: 0.71234,
				FullSeeds: 1, FullRank: 1},
			{Experiment: "a-very-long-name[optimizer.adam.learning_rate=0.0003]", Dataset: "cifar10", SingleBatch: 0.6234,
				SingleSeeds: 3, SingleRank: 1, Full: 0.7, FullSeeds: 1, FullRank: 2},
			{Experiment: "pipe|and`tick`", Dataset: "cifar10", SingleBatch: 0.1, SingleSeeds: 1, SingleRank: 3, Full: 0.0999,
				FullSeeds: 2, FullRank: 3},
		},
		Correlation: &stats.Correlation{Tau: 1.0 / 3, Interval: &stats.Interval{Low: -0.52, High: 0.86}},
	}
}

// Weights is the hash of a file that runs started from.
const Weights = "3f2c1ab4d5e6f70813253a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f"

var Now = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

func Runs() []store.Run {
	return []store.Run{
		{ID: "3f9a01c4", Experiment: "seed-cnn", Description: "The network of the blog post, exactly.", Identity: "aa11",
			Group: "aa",
			Seed:  1, Mode: "single-batch", Dataset: "cifar10", Fingerprint: "f00d",
			Config: "name: seed-cnn\nlayers:\n  - conv2d: {activation: linear, filters: 32, kernel: 7, padding: same, " +
				"stride: 2}\n  - flatten\n",
			Parameters: 646_346, MultiplyAdds: 9_490_000, Epochs: 5, Threads: 2,
			Environment: store.Environment{Commit: "0123456789ab", Dirty: true, Version: "v1.2.3", GoVersion: "go1.26.8",
				Processor: "Example Processor 9000", Features: "AVX2 FMA AVX512F"},
			Owner: store.Owner{Host: "laptop", Process: 4242}, Resumes: 3,
			Started: Now.Add(-200 * time.Second), Finished: Now.Add(-75 * time.Second), Status: store.Finished,
			Results: store.Results{Logged: 5, BestEpoch: new(4), BestValAccuracy: new(0.4512), TestLoss: new(1.5123),
				TestAccuracy: new(0.4444)}},
		{ID: "77777777", Experiment: "a-very-long-name[optimizer.adam.learning_rate=0.0003]", Seed: 12, Mode: "full",
			Dataset: "cifar10", InitFrom: Weights, Epochs: 50,
			Started: Now.Add(-3 * time.Hour), Status: store.Running, Results: store.Results{Logged: 7, BestEpoch: new(6),
				BestValAccuracy: new(0.6)}},
		{ID: "deadbeef", Experiment: "linear", Seed: 3, Mode: "full", Dataset: "synthetic", Epochs: 10,
			Started: Now.AddDate(0, -2, 0), Finished: Now.AddDate(0, -2, 3), Status: store.Failed,
			Reason: "write checkpoint: no space left on device", Stack: "goroutine 7 [running]:\nmain.f()\n\tf.go:12 +0x1f\n"},
	}
}

// Shown is a run of ten classes, with a loss that is no number.
func Shown() record.FullRun {
	validation := AnswersOf([][]int{
		{272, 31, 17, 2, 12, 2, 8, 27, 98, 20},
		{33, 312, 1, 5, 1, 1, 14, 26, 42, 99},
		{79, 10, 137, 11, 71, 28, 67, 67, 12, 3},
		{34, 17, 65, 53, 31, 106, 81, 83, 17, 23},
		{51, 7, 71, 5, 160, 14, 59, 80, 15, 11},
		{23, 16, 50, 22, 28, 146, 51, 115, 12, 8},
		{6, 12, 28, 10, 57, 19, 291, 46, 10, 20},
		{26, 15, 16, 11, 30, 27, 22, 319, 7, 26},
		{119, 33, 9, 1, 7, 5, 4, 8, 308, 31},
		{38, 137, 6, 1, 0, 4, 9, 18, 45, 257},
	})
	return record.FullRun{
		Run: Runs()[0], Epochs: Epochs(), Answers: []record.SplitAnswers{
			{Split: store.Validation, Epoch: 4, Answers: validation},
			{Split: store.Test, Epoch: 4, Answers: AnswersOf([][]int{{3, 1}, {0, 4}})},
		},
		Classes: []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"},
		Looks:   []store.TestUse{{Command: "run"}, {Command: "predict"}, {Command: "test"}, {Command: "predict"}},
	}
}

// FiniteShown is a run as JSON can hold it, of two classes, one of which nothing is taken for.
func FiniteShown() record.FullRun {
	s := Shown()
	s.Epochs, s.Classes, s.Answers[0].Answers = s.Epochs[:4], []string{"disc"}, AnswersOf([][]int{{5, 0}, {2, 0}})
	return s
}

// AnswersOf are answers of which only the confusion matrix matters.
func AnswersOf(confusion [][]int) store.Answers {
	a := store.Answers{Confusion: confusion}
	for _, row := range confusion {
		for _, n := range row {
			a.Examples += n
		}
	}
	return a
}

func Tested() record.Tested {
	return record.Tested{Run: "3f9a01c4", Experiment: "seed-cnn", Checkpoint: "best", Samples: 10_000, TestLoss: 1.51234,
		TestAccuracy: 0.4444, Looks: 2}
}

func difference(field, recorded, now string) store.Difference {
	return store.Difference{Field: field, Recorded: recorded, Now: now}
}

// Replayed are the epochs of a run of which one has other figures, and the last one
// another end; and so does the environment.
func Replayed() record.Replayed {
	e, other := Epochs(), Epochs()
	other[1].ValAccuracy, other[1].WeightsHash = 0.3902, Weights
	return record.Replayed{
		Run: "3f9a01c4", Experiment: "seed-cnn", Recorded: 5,
		Epochs: []store.ReplayedEpoch{
			{Epoch: 1, Recorded: &e[0], Now: &other[0], Differences: []store.Difference{}},
			{Epoch: 2, Recorded: &e[1], Now: &other[1], Differences: []store.Difference{
				difference("val_accuracy", "0.39", "0.3902"), difference("weights_hash", e[1].WeightsHash, Weights),
			}},
			{Epoch: 3, Recorded: &e[2], Differences: []store.Difference{
				difference("outcome", "trained", "the loss became NaN in epoch 3, step 12: try a smaller learning rate"),
			}},
		},
		Environment: []store.Difference{
			difference("commit", "", "0123456789ab (with uncommitted changes)"),
			difference("instruction_set", "avx512", "purego"),
			difference("features", "", "ADX AESNI AMXBF16 AVX512F"), difference("threads", "2", "16"),
		},
	}
}

// SameEnvironment is the replay of a run where nothing is different but epoch 2.
func SameEnvironment() record.Replayed {
	r := Replayed()
	r.Epochs, r.Environment = r.Epochs[:2], []store.Difference{}
	return r
}

// Equal is the replay of the first epochs of a run that diverged after them.
func Equal(epochs int) record.Replayed {
	r := Replayed()
	last := r.Epochs[0]
	last.Recorded, last.Now, last.Epoch = nil, nil, 2
	r.Recorded, r.Epochs = 2, []store.ReplayedEpoch{r.Epochs[0], last}[:epochs]
	return r
}

func Datasets() []record.Dataset {
	return []record.Dataset{
		{Name: "cifar10", Description: "60000 colour photographs of ten classes of animals and vehicles, 32x32 pixels.",
			Shape: [3]int{32, 32, 3}, Classes: 10, Ready: true},
		{Name: "synthetic", Description: "Drawn pictures of ten shapes.", Shape: [3]int{32, 32, 3}, Classes: 10},
	}
}

func Epochs() []store.Epoch {
	return []store.Epoch{
		{Epoch: 1, TrainLoss: 2.1234, BatchLoss: 1.9876, ValLoss: 1.9, ValAccuracy: 0.3112, LearningRate: 0.001,
			Seconds: 2.123, EvalSeconds: 0.31, WeightsHash: "00112233445566778899aabb"},
		{Epoch: 2, TrainLoss: 1.8, BatchLoss: 1.6, ValLoss: 1.7, ValAccuracy: 0.39, LearningRate: 0.001, Seconds: 2.1,
			EvalSeconds: 0.3, WeightsHash: "10112233445566778899aabb"},
		{Epoch: 3, TrainLoss: 1.61, BatchLoss: 1.54, ValLoss: 1.5321, ValAccuracy: 0.449, LearningRate: 0.001, Seconds: 2.1,
			EvalSeconds: 0.3, WeightsHash: "20112233445566778899aabb"},
		{Epoch: 4, TrainLoss: 1.5, BatchLoss: 1.41, ValLoss: 1.51, ValAccuracy: 0.4512, LearningRate: 3e-4, Seconds: 123.4,
			EvalSeconds: 0.3, WeightsHash: "30112233445566778899aabb"},
		{Epoch: 5, TrainLoss: math.NaN(), BatchLoss: math.Inf(1), ValLoss: 1.2e9, ValAccuracy: 0.1, LearningRate: 3e-4,
			Seconds: 2.1, EvalSeconds: 0.3, WeightsHash: ""},
	}
}

func Checked() []record.Checked {
	return []record.Checked{
		{File: "experiments/seed-cnn.yaml", Experiment: "seed-cnn", Valid: true, Parameters: 653_130,
			MultiplyAdds: 1_204_224 + 648_192,
			Layers: []record.CheckLayer{
				{Index: 0, Kind: "conv2d", Args: "32, 7x7/2, padding same, weights truncated_normal stddev 0.05",
					Input: []int{32, 32, 3}, Output: []int{16, 16, 32}, Parameters: 4736, MultiplyAdds: 1_204_224},
				{Index: 1, Kind: "flatten", Input: []int{16, 16, 32}, Output: []int{8192}},
				{Index: 2, Kind: "dense", Args: "10", Input: []int{8192}, Output: []int{10}, Parameters: 648_394,
					MultiplyAdds: 648_192},
			},
			Forecast: record.Forecast{SecondsPerEpoch: new(1.4321), EvalSecondsPerEpoch: new(0.0456),
				MemoryBytes: new(int64(209_600_000)), Threads: new(2)}},
		{File: "experiments/broken.yaml", Faults: []record.CheckFault{
			{Line: 14, Column: 7, Message: "layers[3] conv2d: kernel 9 is larger than its 4x4 input with padding valid"},
			{Message: `optimizer: unknown kind "adma", did you mean "adam"?`},
			{File: "experiments/base.yaml", Line: 2, Column: 1, Message: `extends: no file "bsae.yaml"`},
		}},
	}
}

func Predictions() []store.Prediction {
	return []store.Prediction{
		{Index: 1234, Label: 0, Logits: []float64{3, 1.25, -1}, Probabilities: []float64{0.84, 0.145, 0.015},
			Pixels: Pixels(2, 3, 3)},
		{Index: 7, Label: 2, Logits: []float64{0.1, 0.2, 0.15}, Probabilities: []float64{0.32, 0.35, 0.33},
			Pixels: Pixels(2, 3, 3)},
		{Index: 9, Label: 17, Logits: []float64{math.NaN(), math.Inf(1), 0}, Probabilities: []float64{math.NaN(), 0, 1},
			Pixels: Pixels(2, 3, 3)},
	}
}

var Classes = []string{"airplane", "a class with a really long name, longer than fits", "frog"}

// Pixels are a gradient: every byte differs from its neighbours.
func Pixels(height, width, channels int) []byte {
	out := make([]byte, height*width*channels)
	for i := range out {
		out[i] = byte(255 * i / len(out))
	}
	return out
}

// Hostile is text that would turn the terminal red, ring its bell, rewrite its
// title, begin a line of its own and hide what follows.
const Hostile = "a\x1b[31mb\x07c\x1b]0;title\x07d\r\n\te\u202ef\u009b2Jg\u200b\xff"
