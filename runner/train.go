package runner

import (
	"context"
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"strconv"
	"time"

	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner/optim"
	"runner/store"
)

// Job is one training: a plan, its data and where its checkpoints go.
type Job struct {
	Plan     *Plan
	Dataset  *data.Dataset
	Threads  int    // at least 1
	InitFrom string // a safetensors file to start from; "": draw from the seed
	Folder   string // receives LastFile and BestFile
}

// DivergedError says that a loss was no longer a finite number.
type DivergedError struct {
	Epoch, Step int // counted from 1; Step 0: in the evaluation after the epoch
	Loss        float64
}

func (e *DivergedError) Error() string {
	where := fmt.Sprintf("epoch %d, step %d", e.Epoch, e.Step)
	if e.Step == 0 {
		where = fmt.Sprintf("the evaluation after epoch %d", e.Epoch)
	}
	return fmt.Sprintf("the loss became %v in %s: try a smaller learning rate", e.Loss, where)
}

// Train returns the epochs of a job; pulling one trains it. The sequence ends
// after the last epoch or with the first error. Between two epochs, once the
// earlier one was consumed, its checkpoints are written: so a consumer that
// commits each epoch has it on record before a checkpoint passes it.
// Cancelling the context ends the sequence after the current step with the
// context's error.
func Train(ctx context.Context, j Job, progress *Progress) iter.Seq2[store.Epoch, error] {
	return func(yield func(store.Epoch, error) bool) {
		pool := kernel.NewPool(j.Threads)
		defer pool.Close()
		t, err := newTraining(ctx, j, pool, progress)
		if err != nil {
			yield(store.Epoch{}, err)
			return
		}
		for epoch := 1; epoch <= j.Plan.Experiment.Epochs; epoch++ {
			row, err := t.epoch(ctx, epoch)
			if err != nil {
				yield(store.Epoch{}, err)
				return
			}
			if !yield(row, nil) {
				return
			}
			if err := t.checkpoint(row); err != nil {
				yield(store.Epoch{}, err)
				return
			}
		}
	}
}

// training is the state of a Train in progress.
type training struct {
	experiment *spec.Experiment
	pool       *kernel.Pool
	model      *arch.Model
	loader     *loader
	optimizer  optim.Optimizer
	rate       float64
	train      *data.Split
	validation *data.Split
	folder     string
	progress   *Progress
	step       int64 // optimizer updates so far
	best       float64
}

func newTraining(ctx context.Context, j Job, pool *kernel.Pool, progress *Progress) (*training, error) {
	e := j.Plan.Experiment
	model, err := j.Plan.Network.Build(ctx, pool, e.BatchSize, e.Seed)
	if err != nil {
		return nil, err
	}
	if j.InitFrom != "" {
		if err := restore(j.InitFrom, model.Params); err != nil {
			return nil, err
		}
	}
	params := make([]optim.Param, len(model.Params))
	for i, p := range model.Params {
		params[i] = optim.Param{Name: p.Name, Value: p.Value, Grad: p.Grad}
	}
	batchFile := e.DataBatch
	if e.Mode == spec.Full {
		batchFile = 0
	}
	return &training{
		experiment: e,
		pool:       pool,
		model:      model,
		loader:     newLoader(model),
		optimizer:  j.Plan.Optimizer.New(params),
		rate:       j.Plan.Optimizer.Rate(),
		train:      j.Dataset.Train(batchFile),
		validation: j.Dataset.Validation(),
		folder:     j.Folder,
		progress:   progress,
		best:       -1,
	}, nil
}

// epoch trains one pass over the training split and evaluates after it.
func (t *training) epoch(ctx context.Context, epoch int) (store.Epoch, error) {
	e := t.experiment
	start := time.Now()
	order := t.train.Order(e.BatchSize, e.Shuffle, e.Seed, epoch)
	var sum float64            // of the examples' losses
	var latest *arch.MiniBatch // which the loader leaves alone until its next pass
	k := 0
	for batch, err := range t.loader.batches(ctx, t.train, order) {
		if err != nil {
			return store.Epoch{}, err
		}
		latest = batch
		k++
		t.step++
		loss, err := t.model.Step(batch, t.step)
		if err != nil {
			return store.Epoch{}, err
		}
		if !finite(loss) {
			return store.Epoch{}, &DivergedError{epoch, k, loss}
		}
		t.optimizer.Step(t.pool, t.step, t.rate)
		sum += loss * float64(batch.N)
		t.progress.set(Position{epoch, k, order.Steps(), loss})
	}
	row := store.Epoch{
		Epoch:        epoch,
		TrainLoss:    sum / float64(t.train.Len()),
		LearningRate: t.rate,
		Seconds:      time.Since(start).Seconds(),
	}
	return row, t.evaluate(ctx, &row, latest)
}

// evaluate fills in the figures with dropout off: the loss of the epoch's last
// mini-batch, which is still in memory, and the validation split.
func (t *training) evaluate(ctx context.Context, row *store.Epoch, last *arch.MiniBatch) error {
	start := time.Now()
	batch, err := t.model.Evaluate(last)
	if err != nil {
		return err
	}
	row.BatchLoss = batch.Loss
	if row.ValLoss, row.ValAccuracy, err = evaluate(ctx, t.model, t.loader, t.experiment.BatchSize, t.validation); err != nil {
		return err
	}
	for _, loss := range []float64{row.BatchLoss, row.ValLoss} {
		if !finite(loss) {
			return &DivergedError{row.Epoch, 0, loss}
		}
	}
	row.EvalSeconds = time.Since(start).Seconds()
	row.WeightsHash = weightsHash(t.model.Params)
	return nil
}

func (t *training) checkpoint(row store.Epoch) error {
	metadata := map[string]string{
		"experiment":   t.experiment.Name,
		"epoch":        strconv.Itoa(row.Epoch),
		"val_accuracy": strconv.FormatFloat(row.ValAccuracy, 'g', -1, 64),
		"weights_hash": row.WeightsHash,
	}
	if row.ValAccuracy > t.best {
		t.best = row.ValAccuracy
		if err := save(filepath.Join(t.folder, BestFile), t.model.Params, metadata); err != nil {
			return err
		}
	}
	return save(filepath.Join(t.folder, LastFile), t.model.Params, metadata)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
