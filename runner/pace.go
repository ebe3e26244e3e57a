package runner

import (
	"context"
	"errors"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"

	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/data"
	"runner/internal/spec"
)

// Pace is how many seconds an example takes, in mini-batches of the size that the
// experiment says: in training, with its share of a step, and in evaluation.
type Pace struct {
	Train    float64 `json:"train"`
	Evaluate float64 `json:"evaluate"`
}

// Epoch estimates the seconds of an epoch of a job at a pace: those of training, as
// an epoch's record and the leaderboard tell them, and of the evaluation after it.
func (j Job) Epoch(p Pace) (train, evaluate float64) {
	last := min(j.Plan.Experiment.BatchSize, j.TrainSplit().Len())
	return p.Train * float64(j.TrainSplit().Len()), p.Evaluate * float64(last+j.Dataset.Validation().Len())
}

// Estimate estimates the seconds of epochs of a job at a pace, and of the test after
// the last one where there is one.
func (j Job) Estimate(p Pace, epochs int) float64 {
	train, evaluate := j.Epoch(p)
	total := float64(epochs) * (train + evaluate)
	if j.Plan.Experiment.Mode == spec.Full {
		total += p.Evaluate * float64(j.Dataset.Test().Len())
	}
	return total
}

// The largest network whose pace is measured: its parameters are drawn first, and
// an example of it is computed, in about a second.
const (
	mostParameters   = 1 << 25
	mostMultiplyAdds = 1 << 31 // of an example
)

// How long is measured at least and, until the mean is known to precision, at most; and how long
// one mini-batch may take.
const (
	trainingMeasured       = 150 * time.Millisecond
	mostTrainingMeasured   = 700 * time.Millisecond
	evaluationMeasured     = 50 * time.Millisecond
	mostEvaluationMeasured = 150 * time.Millisecond
	precision              = 0.02 // standard error by mean
	longestMiniBatch       = 250 * time.Millisecond
)

// MeasurePace trains and evaluates on a job's dataset, for a fifth of a second where
// all mini-batches take as long and for most of a second elsewhere, after some
// mini-batches that grow to the experiment's size. If that takes too long they
// stay smaller. Nothing is written.
func MeasurePace(ctx context.Context, j Job) (Pace, error) {
	n, e := j.Plan.Network, j.Plan.Experiment
	if n.Parameters() > mostParameters || n.MultiplyAdds() > mostMultiplyAdds {
		return Pace{}, errors.New("the network is too large to measure how fast it trains")
	}
	pool := kernel.NewPool(j.Threads)
	defer pool.Close()
	model, err := n.Build(ctx, pool, e.BatchSize, e.Seed)
	if err != nil {
		return Pace{}, err
	}
	loader, optimizer, steps := newLoader(model), j.Plan.Optimizer.New(model.Params), int64(0)
	// An update takes as long however few the examples are.
	step := func(b *arch.MiniBatch) (time.Duration, error) {
		steps++
		if _, err := model.Step(b, steps); err != nil {
			return 0, err
		}
		computed := time.Now()
		optimizer.Step(pool, steps, j.Plan.Optimizer.Rate())
		return time.Since(computed) * time.Duration(e.BatchSize-b.N) / time.Duration(e.BatchSize), nil
	}
	evaluation := func(b *arch.MiniBatch) (time.Duration, error) {
		_, err := model.Evaluate(b)
		return 0, err
	}
	train := meter{ctx, loader, j.TrainSplit(), step}
	size := 1
	for size < e.BatchSize {
		took, err := train.measure(size, 0, 0)
		if err != nil {
			return Pace{}, err
		}
		next := min(16*size, e.BatchSize)
		// The median, for another program may have held up one of them.
		if slices.Sort(took); took[len(took)/2]*float64(next) > longestMiniBatch.Seconds() {
			break
		}
		size = next
	}
	trained, err := train.measure(size, trainingMeasured, mostTrainingMeasured)
	if err != nil {
		return Pace{}, err
	}
	evaluated, err := meter{ctx, loader, j.Dataset.Validation(), evaluation}.measure(size, evaluationMeasured, mostEvaluationMeasured)
	if err != nil {
		return Pace{}, err
	}
	// Means, for an epoch too takes as long as all that happens in it.
	return Pace{Train: stat.Mean(trained, nil), Evaluate: stat.Mean(evaluated, nil)}, nil
}

// meter measures how long something takes with the mini-batches of a split. work
// returns how much of its time does not count.
type meter struct {
	ctx    context.Context
	loader *loader
	split  *data.Split
	work   func(*arch.MiniBatch) (extra time.Duration, err error)
}

// stretch is over how much time, at least, the seconds of an example are averaged:
// of mini-batches that take less some wait for their examples and others do not.
const stretch = 10 * time.Millisecond

// fewest is of how many stretches a measurement is made at least.
const fewest = 3

// measure takes mini-batches of a size, for as long as it is told, besides the first
// one, which takes longer. It returns each stretch's seconds an example.
func (m meter) measure(size int, least, most time.Duration) (all []float64, err error) {
	if m.split.Len() == 0 {
		return []float64{0}, nil
	}
	warm, examples := false, 0
	start := time.Now()
	before := start
	for pass := 1; ; pass++ {
		for batch, err := range m.loader.batches(m.ctx, m.split, m.split.Order(size, true, scaled(1, pass)), 0) {
			if err != nil {
				return nil, err
			}
			extra, err := m.work(batch)
			if err != nil {
				return nil, err
			}
			before = before.Add(extra)
			examples += batch.N
			switch took := time.Since(before); {
			case !warm:
				warm, examples, before = true, 0, time.Now()
			case took >= stretch:
				all = append(all, took.Seconds()/float64(examples))
				examples, before = 0, time.Now()
			}
			if took := time.Since(start); len(all) >= fewest && took >= least && (took >= most || precise(all)) {
				return all, nil
			}
		}
	}
}

// precise tells whether the mean of measurements is known well enough.
func precise(all []float64) bool {
	mean, deviation := stat.MeanStdDev(all, nil)
	return stat.StdErr(deviation, float64(len(all))) <= precision*mean
}
