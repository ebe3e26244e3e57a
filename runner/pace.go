package runner

import (
	"context"
	"time"

	"runner/arch/kernel"
	"runner/internal/spec"
)

// Pace is how long the parts of a training take for a mini-batch: a step, and an
// evaluation.
type Pace struct{ Step, Evaluation time.Duration }

// MeasurePace trains and evaluates on empty pictures until either took a twentieth
// of a second, once at least and not counting the first time, which is slower.
func MeasurePace(ctx context.Context, p *Plan, threads int) (Pace, error) {
	pool := kernel.NewPool(threads)
	defer pool.Close()
	model, err := p.Network.Build(ctx, pool, p.Experiment.BatchSize, p.Experiment.Seed)
	if err != nil {
		return Pace{}, err
	}
	optimizer := p.Optimizer.New(optimized(model))
	batch := model.NewMiniBatch()
	batch.N = p.Experiment.BatchSize
	var pace Pace
	pace.Step, err = timed(ctx, func(n int64) error {
		_, err := model.Step(batch, n)
		optimizer.Step(pool, n, p.Optimizer.Rate())
		return err
	})
	if err != nil {
		return Pace{}, err
	}
	pace.Evaluation, err = timed(ctx, func(int64) error {
		_, err := model.Evaluate(batch)
		return err
	})
	return pace, err
}

// timed returns how long f takes at its fastest; it is given the number of the call.
func timed(ctx context.Context, f func(n int64) error) (time.Duration, error) {
	var fastest, spent time.Duration
	for n := int64(1); n <= 2 || spent < 50*time.Millisecond; n++ {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		start := time.Now()
		if err := f(n); err != nil {
			return 0, err
		}
		took := time.Since(start)
		if n == 1 {
			continue
		}
		spent += took
		if fastest == 0 || took < fastest {
			fastest = took
		}
	}
	return fastest, nil
}

// Estimate returns how long epochs of a job take at a pace.
func (j Job) Estimate(pace Pace, epochs int) time.Duration {
	e := j.Plan.Experiment
	batches := func(examples int) time.Duration { return time.Duration((examples + e.BatchSize - 1) / e.BatchSize) }
	epoch := batches(j.TrainSplit().Len())*pace.Step + (1+batches(j.Dataset.Validation().Len()))*pace.Evaluation
	total := time.Duration(epochs) * epoch
	if e.Mode == spec.Full {
		total += batches(j.Dataset.Test().Len()) * pace.Evaluation
	}
	return total
}
