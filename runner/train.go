package runner

import (
	"context"
	"errors"
	"iter"
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
	Folder   string // receives LastFile and BestFile; "": neither is written
	Identity string // of the run, so that no other run's state is gone on with
	Resume   bool   // go on from the state in LastFile, if there is one
	Weights  string // SHA-256 of the file that the run began from; "": drawn from the seed
}

// TrainSplit returns what the job trains on: the training split, or in single-batch
// mode one batch file of it.
func (j Job) TrainSplit() *data.Split {
	if j.Plan.Experiment.Mode == spec.Full {
		return j.Dataset.Train(0)
	}
	return j.Dataset.Train(j.Plan.Experiment.DataBatch)
}

// Epoch is an epoch as trained: its row, and what the network said of the
// validation split after it.
type Epoch struct {
	store.Epoch
	Answers store.Answers
}

// Train returns the epochs of a job; pulling one trains it. The sequence ends
// after the last epoch or with the first error. Its state is written to LastFile
// before the first step, every checkpoint_every, and between two epochs once the
// earlier one was consumed: so a consumer that commits each epoch has it on
// record before a state passes it. Cancelling the context ends the sequence with
// the context's error, after the current step, whose state is written.
func Train(ctx context.Context, j Job, progress *Progress) iter.Seq2[Epoch, error] {
	return func(yield func(Epoch, error) bool) {
		pool := kernel.NewPool(j.Threads)
		defer pool.Close()
		t, err := newTraining(ctx, j, pool, progress)
		if err != nil {
			yield(Epoch{}, err)
			return
		}
		for t.at.Epoch <= t.experiment.Epochs {
			row, err := t.epoch(ctx)
			if err == nil {
				if !yield(row, nil) {
					return
				}
				err = t.pass(row.Epoch)
			} else if errors.Is(err, ctx.Err()) {
				err = errors.Join(err, t.keep())
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
	identity   string
	pool       *kernel.Pool
	model      *arch.Model
	loader     *loader
	optimizer  optim.Optimizer
	rate       float64
	train      *data.Split
	folder     string
	progress   *Progress
	at         state
	kept       time.Time // when the state was last written
}

func newTraining(ctx context.Context, j Job, pool *kernel.Pool, progress *Progress) (*training, error) {
	e := j.Plan.Experiment
	model, err := j.Plan.Network.Build(ctx, pool, e.BatchSize, e.Seed)
	if err != nil {
		return nil, err
	}
	t := &training{
		experiment: e,
		identity:   j.Identity,
		pool:       pool,
		model:      model,
		loader:     newLoader(model),
		optimizer:  j.Plan.Optimizer.New(model.Params),
		rate:       j.Plan.Optimizer.Rate(),
		train:      j.TrainSplit(),
		job:        j,
		folder:     j.Folder,
		progress:   progress,
		at:         state{Epoch: 1, Best: -1},
	}
	resumed := false
	if j.Resume {
		if resumed, err = t.resume(); err != nil {
			return nil, err
		}
	}
	if resumed {
		return t, nil
	}
	if j.Weights != "" && j.InitFrom == "" {
		return nil, errors.New("the run began from a file of weights and has no state to go on from: " +
			"repeat the command that began it, with its --init-from")
	}
	return t, t.start(j.InitFrom)
}

// start gives the training its first state. It is written at once: what a run
// starts from is then in the store, whatever becomes of the weights' file.
func (t *training) start(initFrom string) error {
	if initFrom != "" {
		if _, err := restore(initFrom, t.model.Tensors); err != nil {
			return err
		}
	}
	return t.keep()
}

// epoch trains what is left of the pass over the training split in which the
// training stands, and evaluates after it.
func (t *training) epoch(ctx context.Context) (Epoch, error) {
	e := t.experiment
	start, before := time.Now(), t.at.Seconds
	order := t.train.Order(e.BatchSize, e.Shuffle, scaled(e.Seed, t.at.Epoch))
	for batch, err := range t.loader.batches(ctx, t.train, order, t.at.Steps) {
		if err != nil {
			return Epoch{}, err
		}
		loss, err := t.model.Step(batch, t.at.Step+1)
		if err != nil {
			return Epoch{}, err
		}
		if !finite(loss) {
			return Epoch{}, t.diverged(batch, loss)
		}
		t.optimizer.Step(t.pool, t.at.Step+1, t.rate)
		t.at.Step++
		t.at.Steps++
		t.at.Sum += loss * float64(batch.N)
		t.at.Seconds = before + time.Since(start).Seconds()
		t.progress.set(Position{t.at.Epoch, t.at.Steps, order.Steps(), loss})
		if t.at.Steps < order.Steps() && time.Since(t.kept) >= time.Duration(e.CheckpointEvery) {
			if err := t.keep(); err != nil {
				return Epoch{}, err
			}
		}
	}
	row := Epoch{Epoch: store.Epoch{
		Epoch:        t.at.Epoch,
		TrainLoss:    t.at.Sum / float64(t.train.Len()),
		LearningRate: t.rate,
		Seconds:      t.at.Seconds,
	}}
	return row, t.evaluate(ctx, &row, order)
}

// evaluate fills in the figures with dropout off: the loss of the epoch's last
// mini-batch and the validation split.
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

// pass goes on to the next epoch, once the row of this one was consumed, and
// writes the checkpoints.
func (t *training) pass(row store.Epoch) error {
	if row.ValAccuracy > t.at.Best {
		t.at.Best = row.ValAccuracy
		err := t.save(BestFile, nil, map[string]string{
			"experiment":   t.experiment.Name,
			"epoch":        strconv.Itoa(row.Epoch),
			"val_accuracy": exact(row.ValAccuracy),
			"weights_hash": row.WeightsHash,
		})
		if err != nil {
			return err
		}
	}
	t.at = state{Epoch: row.Epoch + 1, Step: t.at.Step, Best: t.at.Best}
	return t.keep()
}

// save writes a checkpoint into the training's folder, if it has one.
func (t *training) save(name string, optimizer []optim.Slot, metadata map[string]string) error {
	if t.folder == "" {
		return nil
	}
	return save(filepath.Join(t.folder, name), t.model.Tensors, optimizer, metadata)
}
