package runner

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"time"

	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner/optim"
	"runner/store"
)

// Job is one training: a plan, its data and what it starts from.
type Job struct {
	Plan     *Plan
	Dataset  *data.Dataset
	Threads  int    // at least 1; the results do not depend on it
	InitFrom string // a safetensors file of weights to start from; "": draw them from the seed
}

// origin is what the job starts from, unless it is resumed.
func (j Job) origin() origin {
	if j.InitFrom != "" {
		return fromFile(j.InitFrom)
	}
	return fromSeed
}

// TrainSplit returns what the job trains on: the training split, or in single-batch
// mode one batch file of it.
func (j Job) TrainSplit() *data.Split {
	if j.Plan.Experiment.Mode == spec.Full {
		return j.Dataset.Train(0)
	}
	return j.Dataset.Train(j.Plan.Experiment.DataBatch)
}

// Epoch is an epoch as trained: its row, and the network's answers on the validation split after it.
type Epoch struct {
	store.Epoch
	Answers store.Answers
}

// Train returns the epochs of a job, each as the recorder returned it; pulling one trains it. The sequence ends
// after the last epoch or with the first error. The recorder keeps the state before the first step, every
// checkpoint_every, and after each epoch once it is on record and consumed. Cancelling the context ends the sequence
// with the context's error, after the current step, whose state is kept.
func Train(ctx context.Context, j Job, r Recorder, progress *Progress) iter.Seq2[Epoch, error] {
	return trainFrom(ctx, j, j.origin(), r, progress)
}

func trainFrom(ctx context.Context, j Job, o origin, r Recorder, progress *Progress) iter.Seq2[Epoch, error] {
	return func(yield func(Epoch, error) bool) {
		pool := kernel.NewPool(j.Threads)
		defer pool.Close()
		t, err := newTraining(ctx, j, o, pool, r)
		if err != nil {
			yield(Epoch{}, err)
			return
		}
		t.progress = progress
		for t.at.Epoch <= t.experiment.Epochs {
			epoch, err := t.epoch(ctx)
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				err = errors.Join(err, t.keep())
			}
			if err == nil {
				epoch.Epoch, err = r.Epoch(context.WithoutCancel(ctx), epoch)
			}
			if err == nil {
				if !yield(epoch, nil) {
					return
				}
				err = t.advance(epoch.Epoch)
			}
			if err != nil {
				yield(Epoch{}, err)
				return
			}
		}
	}
}

// training is a Train in progress.
type training struct {
	job        Job
	experiment *spec.Experiment
	pool       *kernel.Pool
	model      *arch.Model
	loader     *loader
	optimizer  *optim.Optimizer
	train      *data.Split
	recorder   Recorder
	progress   *Progress
	at         state
	kept       time.Time // when the state was last kept
}

// newTraining makes a training with its first values.
func newTraining(ctx context.Context, j Job, o origin, pool *kernel.Pool, r Recorder) (*training, error) {
	e := j.Plan.Experiment
	model, err := j.Plan.Network.Build(ctx, pool, e.BatchSize, e.Seed)
	if err != nil {
		return nil, err
	}
	t := &training{
		job:        j,
		experiment: e,
		pool:       pool,
		model:      model,
		loader:     newLoader(model),
		optimizer:  j.Plan.Optimizer.New(model.Params),
		train:      j.TrainSplit(),
		recorder:   r,
		at:         state{Epoch: 1, Best: -1},
	}
	return t, o(t)
}

// epoch trains the rest of the epoch in progress, and evaluates after it.
func (t *training) epoch(ctx context.Context) (Epoch, error) {
	e := t.experiment
	start, before, rate := time.Now(), t.at.Seconds, t.job.Plan.Optimizer.Rate()
	order := t.train.Order(e.BatchSize, e.Shuffle, scaled(e.Seed, t.at.Epoch))
	for batch, err := range t.loader.batches(ctx, t.train, order, t.at.StepInEpoch) {
		if err != nil {
			return Epoch{}, err
		}
		loss, err := t.model.Step(batch, t.at.TotalSteps+1)
		if err != nil {
			return Epoch{}, err
		}
		if !finite(loss) {
			return Epoch{}, t.diverged(batch, loss)
		}
		t.optimizer.Step(t.pool, t.at.TotalSteps+1, rate)
		t.at.TotalSteps++
		t.at.StepInEpoch++
		t.at.Sum += loss * float64(batch.N)
		t.at.Seconds = before + time.Since(start).Seconds()
		t.progress.set(Position{t.at.Epoch, t.at.StepInEpoch, order.Steps(), loss})
		if t.at.StepInEpoch < order.Steps() && time.Since(t.kept) >= time.Duration(e.CheckpointEvery) {
			if err := t.keep(); err != nil {
				return Epoch{}, err
			}
		}
	}
	row := Epoch{Epoch: store.Epoch{
		Epoch:        t.at.Epoch,
		TrainLoss:    t.at.Sum / float64(t.train.Len()),
		LearningRate: rate,
		Seconds:      t.at.Seconds,
	}}
	return row, t.evaluate(ctx, &row, order)
}

// evaluate fills in the figures that are measured with dropout off: the loss of the epoch's last mini-batch, and those
// of the validation split.
func (t *training) evaluate(ctx context.Context, row *Epoch, order *data.Order) error {
	start := time.Now()
	for batch, err := range t.loader.batches(ctx, t.train, order, order.Steps()-1) {
		if err != nil {
			return err
		}
		last, err := t.model.Evaluate(batch)
		if err != nil {
			return err
		}
		row.BatchLoss = last.Loss
	}
	var err error
	if row.ValLoss, row.Answers, err = evaluate(ctx, t.model, t.loader, t.job, t.job.Dataset.Validation()); err != nil {
		return err
	}
	row.ValAccuracy = row.Answers.Accuracy()
	for _, loss := range []float64{row.BatchLoss, row.ValLoss} {
		if !finite(loss) {
			return &DivergedError{Epoch: row.Epoch.Epoch, Loss: loss, Param: t.model.NonFiniteTensor()}
		}
	}
	row.EvalSeconds = time.Since(start).Seconds()
	row.WeightsHash = weightsHash(t.model.Tensors)
	return nil
}

// advance takes the training to the next epoch, once this one's row is on record, and keeps its weights if they are the
// best so far.
func (t *training) advance(row store.Epoch) error {
	if row.ValAccuracy > t.at.Best {
		t.at.Best = row.ValAccuracy
		err := t.recorder.Best(checkpointOf(t.model.Tensors, nil, map[string]string{
			"experiment":   t.experiment.Name,
			"epoch":        strconv.Itoa(row.Epoch),
			"val_accuracy": exact(row.ValAccuracy),
			"weights_hash": row.WeightsHash,
		}))
		if err != nil {
			return err
		}
	}
	t.at = state{Epoch: row.Epoch + 1, TotalSteps: t.at.TotalSteps, Best: t.at.Best}
	return t.keep()
}
