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

// Pace is how many seconds an example takes in mini-batches of the experiment's size: in training, with its share of a
// step, and in evaluation.
type Pace struct {
	Train    float64 `json:"train"`
	Evaluate float64 `json:"evaluate"`
}

// EpochSeconds estimates the seconds of an epoch of a job at a pace: of training, which is what the leaderboard shows, and of
// the evaluation after it.
func (j Job) EpochSeconds(p Pace) (train, evaluate float64) {
	last := min(j.Plan.Experiment.BatchSize, j.TrainSplit().Len())
	return p.Train * float64(j.TrainSplit().Len()), p.Evaluate * float64(last+j.Dataset.Validation().Len())
}

// Estimate estimates the seconds of so many epochs of a job at a pace, with the test after the last one in full mode.
func (j Job) Estimate(p Pace, epochs int) float64 {
	train, evaluate := j.EpochSeconds(p)
	total := float64(epochs) * (train + evaluate)
	if j.Plan.Experiment.Mode == spec.Full {
		total += p.Evaluate * float64(j.Dataset.Test().Len())
	}
	return total
}

// The largest network whose pace is measured: drawing its parameters and computing an example takes about a second.
const (
	mostParameters   = 1 << 25
	mostMultiplyAdds = 1 << 31 // of an example
)

// A measurement lasts at least the one time, and at most the other if the mean is not yet known to precision. A longer
// mini-batch than the longest is measured no more.
const (
	trainingMeasured       = 150 * time.Millisecond
	mostTrainingMeasured   = 700 * time.Millisecond
	evaluationMeasured     = 50 * time.Millisecond
	mostEvaluationMeasured = 150 * time.Millisecond
	precision              = 0.02 // standard error by mean
	longestMiniBatch       = 250 * time.Millisecond
)

// MeasurePace trains and evaluates on a job's dataset, for a fifth of a second where all mini-batches take equally long
// and for most of a second elsewhere. Before that, mini-batches grow to the experiment's size, or stay smaller if they
// take too long. Nothing is written.
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
	// An update takes equally long however few the examples are.
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
		// The median, as another program may have held up one of them.
		if slices.Sort(took); took[len(took)/2]*float64(next) > longestMiniBatch.Seconds() {
			break
		}
		size = next
	}
	trained, err := train.measure(size, trainingMeasured, mostTrainingMeasured)
	if err != nil {
		return Pace{}, err
	}
	validation := meter{ctx, loader, j.Dataset.Validation(), evaluation}
	evaluated, err := validation.measure(size, evaluationMeasured, mostEvaluationMeasured)
	if err != nil {
		return Pace{}, err
	}
	// Means, not medians: slow mini-batches count towards an epoch's time too.
	return Pace{Train: stat.Mean(trained, nil), Evaluate: stat.Mean(evaluated, nil)}, nil
}

// meter measures how long some work takes on the mini-batches of a split. work returns how much of its time does not
// count.
type meter struct {
	ctx    context.Context
	loader *loader
	split  *data.Split
	work   func(*arch.MiniBatch) (extra time.Duration, err error)
}

// stretch is the least time over which the seconds of an example are averaged: of shorter mini-batches some wait for
// their examples and others do not.
const stretch = 10 * time.Millisecond

// fewest is the least number of stretches in a measurement.
const fewest = 3

// measure works on mini-batches of a size and returns each stretch's seconds an example. The first mini-batch, which
// takes longer, does not count.
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

// precise tells whether the mean of the measurements is known to precision.
func precise(all []float64) bool {
	mean, deviation := stat.MeanStdDev(all, nil)
	return stat.StdErr(deviation, float64(len(all))) <= precision*mean
}
