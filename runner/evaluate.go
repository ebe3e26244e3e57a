package runner

import (
	"context"
	"slices"
	"strconv"

	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/data"
	"runner/store"
)

// evaluate returns the mean loss of a model on a split, dropout off, and its answer to each example.
func evaluate(
	ctx context.Context, m *arch.Model, l *loader, j Job, s *data.Split,
) (loss float64, answers store.Answers, err error) {
	answers = store.NewAnswers(s.Len(), len(j.Dataset.Classes))
	batchSize, i := j.Plan.Experiment.BatchSize, 0
	for batch, err := range l.batches(ctx, s, s.Order(batchSize, false, scaled(0, 0)), 0) {
		if err != nil {
			return 0, store.Answers{}, err
		}
		e, err := m.Evaluate(batch)
		if err != nil {
			return 0, store.Answers{}, err
		}
		loss += e.Loss * float64(batch.N)
		for k, predicted := range e.Predicted {
			answers.Set(i, int(batch.Labels[k]), int(predicted))
			i++
		}
	}
	return loss / float64(s.Len()), answers, nil
}

// Evaluation is the result of a checkpoint on a split.
type Evaluation struct {
	Epoch   int     // after which the checkpoint was written, 0 if it does not say
	Loss    float64 // the mean
	Answers store.Answers
}

// Test evaluates a checkpoint on the test split.
func Test(ctx context.Context, j Job, checkpoint string) (Evaluation, error) {
	pool := kernel.NewPool(j.Threads)
	defer pool.Close()
	m, epoch, err := load(j, pool, j.Plan.Experiment.BatchSize, checkpoint)
	if err != nil {
		return Evaluation{}, err
	}
	loss, answers, err := evaluate(ctx, m, newLoader(m), j, j.Dataset.Test())
	return Evaluation{epoch, loss, answers}, err
}

// Predict runs a checkpoint on examples of a split of the job's dataset.
func Predict(
	ctx context.Context, j Job, checkpoint string, split *data.Split, indices []int32,
) ([]store.Prediction, error) {
	pool := kernel.NewPool(j.Threads)
	defer pool.Close()
	m, _, err := load(j, pool, max(1, min(len(indices), j.Plan.Experiment.BatchSize)), checkpoint)
	if err != nil {
		return nil, err
	}
	batch, classes := m.NewMiniBatch(), len(j.Dataset.Classes)
	predictions := make([]store.Prediction, 0, len(indices))
	for chunk := range slices.Chunk(indices, len(batch.Labels)) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		batch.N = len(chunk)
		if err := split.Read(chunk, scaled(0, 0), batch.Images, batch.Labels); err != nil {
			return nil, err
		}
		e, err := m.Evaluate(batch)
		if err != nil {
			return nil, err
		}
		probabilities := make([]float32, len(e.Logits))
		kernel.Softmax(batch.N, classes, e.Logits, probabilities)
		for i, index := range chunk {
			p := store.Prediction{
				Index:         int(index),
				Logits:        widen(e.Logits[i*classes : (i+1)*classes]),
				Probabilities: widen(probabilities[i*classes : (i+1)*classes]),
				Pixels:        make([]byte, j.Dataset.Pixels()),
			}
			if p.Label, err = split.Pixels(p.Index, p.Pixels); err != nil {
				return nil, err
			}
			predictions = append(predictions, p)
		}
	}
	return predictions, nil
}

// load builds a job's model for evaluation with the values of a checkpoint, and returns the epoch that it is of.
func load(j Job, pool *kernel.Pool, batchSize int, checkpoint string) (m *arch.Model, epoch int, err error) {
	if m, err = j.Plan.Network.BuildForEvaluation(pool, batchSize); err != nil {
		return nil, 0, err
	}
	metadata, err := restore(checkpoint, m.Tensors)
	epoch, _ = strconv.Atoi(metadata["epoch"])
	return m, epoch, err
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}
