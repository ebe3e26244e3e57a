package runner

import (
	"context"
	"errors"
	"slices"
	"time"

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

// How long is measured, and how long one mini-batch may take.
const (
	trainingMeasured   = 150 * time.Millisecond
	evaluationMeasured = 50 * time.Millisecond
	longestMiniBatch   = 250 * time.Millisecond
)

// MeasurePace trains and evaluates on a job's dataset for a fifth of a second,
// after some mini-batches that grow to the experiment's size. If that takes too
// long they stay smaller. Nothing is written.
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
	loader, optimizer, steps := newLoader(model), j.Plan.Optimizer.New(optimized(model)), int64(0)
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
		took, err := train.measure(size, 1, 0)
		if err != nil {
			return Pace{}, err
		}
		next := min(16*size, e.BatchSize)
		if took*float64(next) > longestMiniBatch.Seconds() {
			break
		}
		size = next
	}
	var pace Pace
	if pace.Train, err = train.measure(size, 3, trainingMeasured); err != nil {
		return Pace{}, err
	}
	pace.Evaluate, err = meter{ctx, loader, j.Dataset.Validation(), evaluation}.measure(size, 3, evaluationMeasured)
	return pace, err
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

// measure takes mini-batches of a size for as many stretches and as long as it is
// told at least, besides the first mini-batch, which takes longer. It returns the
// median of the stretches' seconds an example.
func (m meter) measure(size, stretches int, least time.Duration) (float64, error) {
	if m.split.Len() == 0 {
		return 0, nil
	}
	var all []float64
	warm, examples := false, 0
	start := time.Now()
	before := start
	for pass := 1; ; pass++ {
		for batch, err := range m.loader.batches(m.ctx, m.split, m.split.Order(size, true, 1, pass), 0) {
			if err != nil {
				return 0, err
			}
			extra, err := m.work(batch)
			if err != nil {
				return 0, err
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
			if len(all) >= stretches && time.Since(start) >= least {
				slices.Sort(all)
				return all[len(all)/2], nil
			}
		}
	}
}
