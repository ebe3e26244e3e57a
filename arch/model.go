package arch

import (
	"context"
	"errors"
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
	"runner/arch/op"
	"runner/internal/rng"
)

// Model is a network with values and graphs over the same tensors: one that
// trains and one that evaluates. Fill a mini-batch, then call Step or Evaluate.
// Use a Model from one goroutine at a time; others may meanwhile fill mini-batches
// that it is not working on.
type Model struct {
	Tensors []Variable // all that the layers keep, in their order
	Params  []Variable // those of them that are trained

	input   Shape
	classes int
	batch   *op.Batch
	train   *graph // nil: for evaluation only
	eval    *graph

	predicted []int32 // (batch size), filled in by Evaluate
}

// Variable is a tensor of a layer with its value and the gradient of the latest Step,
// which is nil for state and in a model for evaluation. Both slices stay the same for
// the model's life.
type Variable struct {
	Name        string // such as layers.0.conv2d.kernel
	Shape       []int
	Value, Grad []float32
}

// PanicError is a panic while a model ran, with its stack: a bug in the program.
type PanicError = op.PanicError

// Build makes a model that trains and evaluates on mini-batches of up to
// batchSize examples and draws its tensors' first values from the seed.
func (n *Network) Build(ctx context.Context, pool *kernel.Pool, batchSize int, seed int64) (*Model, error) {
	values := n.values()
	if err := n.draw(ctx, pool, seed, values); err != nil {
		return nil, err
	}
	return n.model(&op.Batch{Pool: pool, Size: batchSize, Seed: seed}, values, true)
}

// BuildForEvaluation makes a model that only evaluates, on mini-batches of up
// to batchSize examples. Its tensors are zeros: fill them in.
func (n *Network) BuildForEvaluation(pool *kernel.Pool, batchSize int) (*Model, error) {
	return n.model(&op.Batch{Pool: pool, Size: batchSize}, n.values(), false)
}

func (n *Network) model(batch *op.Batch, values map[string]*tensor.Dense, training bool) (*Model, error) {
	graphs, err := n.graphs(batch, training)
	if err != nil {
		return nil, err
	}
	var plans []*op.Plan
	for _, g := range graphs {
		plans = append(plans, g.plan)
		for name, node := range g.tensors {
			if err := gorgonia.Let(node, values[name]); err != nil {
				return nil, fmt.Errorf("tensor %s: %w", name, err)
			}
		}
	}
	op.Bind(plans...)
	m := &Model{
		input: n.Input, classes: n.Classes, batch: batch,
		eval: graphs[len(graphs)-1], predicted: make([]int32, batch.Size),
	}
	if training {
		m.train = graphs[0]
	}
	for name, t := range n.tensors() {
		v := Variable{Name: name, Shape: t.Shape, Value: values[name].Float32s()}
		if training && t.Trained {
			if v.Grad, err = op.Gradient(m.train.grads[len(m.Params)]); err != nil {
				return nil, fmt.Errorf("gradient of %s: %w", name, err)
			}
		}
		m.Tensors = append(m.Tensors, v)
		if t.Trained {
			m.Params = append(m.Params, v)
		}
	}
	return m, nil
}

// Memory returns the bytes that a model made by Build takes once it has run: the
// layers' tensors, their gradients, the arena that holds everything else, and the
// buffers of a pool of so many threads. It allocates none of them.
func (n *Network) Memory(batchSize, threads int) (int64, error) {
	graphs, err := n.graphs(&op.Batch{Size: batchSize}, true)
	if err != nil {
		return 0, err
	}
	arena, own := 0, 0
	var pool kernel.Buffers
	for _, g := range graphs {
		arena = max(arena, g.plan.Arena)
		own += g.plan.Own
		for _, of := range g.pools {
			pool = pool.Max(of(batchSize, threads))
		}
	}
	var kept int64
	for _, t := range n.tensors() {
		kept += 4 * t.size()
	}
	return kept + int64(arena) + int64(own) + pool.Bytes(threads), nil
}

// values returns zeros for all tensors by name.
func (n *Network) values() map[string]*tensor.Dense {
	values := make(map[string]*tensor.Dense)
	for name, t := range n.tensors() {
		values[name] = tensor.New(tensor.WithShape(t.Shape...), tensor.Of(tensor.Float32))
	}
	return values
}

// drawChunk is how many values one worker draws at a time.
const drawChunk = 1 << 14

// draw fills in the first values of all tensors.
func (n *Network) draw(ctx context.Context, pool *kernel.Pool, seed int64, values map[string]*tensor.Dense) error {
	for l := range n.All() {
		for i, t := range l.Tensors {
			init, purpose := n.Weights, rng.Weights
			if t.Role == Bias {
				init, purpose = n.Bias, rng.Bias
			}
			if t.Init != nil {
				init = t.Init
			}
			stream := rng.New(seed, purpose, l.Number, int64(i))
			data := values[l.tensorName(t)].Float32s()
			pool.Do((len(data)+drawChunk-1)/drawChunk, func(_, chunk int) {
				if ctx.Err() != nil {
					return
				}
				for j := chunk * drawChunk; j < min((chunk+1)*drawChunk, len(data)); j++ {
					data[j] = float32(init.draw(t, stream, uint64(j)))
				}
			})
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// MiniBatch is memory for the examples of a step.
type MiniBatch struct {
	Images []float32 // (batch size, input shape)
	Labels []int32   // (batch size)
	N      int       // live examples, which come first: 1 to batch size

	images, labels *tensor.Dense
}

// NewMiniBatch makes a mini-batch for the model.
func (m *Model) NewMiniBatch() *MiniBatch {
	images := tensor.New(tensor.WithShape(append([]int{m.batch.Size}, m.input...)...), tensor.Of(tensor.Float32))
	labels := tensor.New(tensor.WithShape(m.batch.Size), tensor.Of(tensor.Int32))
	return &MiniBatch{images.Float32s(), labels.Int32s(), m.batch.Size, images, labels}
}

// Step runs the training graph on a mini-batch: it returns the examples' mean loss,
// dropout on, and leaves the gradients in Params. step counts from 1 over the whole
// run; dropout's draws depend on it.
func (m *Model) Step(b *MiniBatch, step int64) (loss float64, err error) {
	if m.train == nil {
		return 0, errors.New("a model built for evaluation takes no steps: use Build")
	}
	m.batch.Step = step
	return m.run(m.train, b)
}

// Evaluation is the outcome of Evaluate on one mini-batch.
type Evaluation struct {
	Loss float64 // mean over the examples
	// Both are valid until the next call of Step or Evaluate.
	Logits    []float32 // (n, classes)
	Predicted []int32   // (n): the class of each example's greatest logit
}

// Evaluate runs the evaluation graph, dropout off, on a mini-batch.
func (m *Model) Evaluate(b *MiniBatch) (Evaluation, error) {
	loss, err := m.run(m.eval, b)
	if err != nil {
		return Evaluation{}, err
	}
	logits := m.eval.logits.Value().(*tensor.Dense).Float32s()[:b.N*m.classes]
	kernel.Predict(b.N, m.classes, logits, m.predicted)
	return Evaluation{loss, logits, m.predicted[:b.N]}, nil
}

func (m *Model) run(g *graph, b *MiniBatch) (float64, error) {
	if b.N < 1 || b.N > m.batch.Size {
		return 0, fmt.Errorf("mini-batch of %d examples: expected 1 to %d", b.N, m.batch.Size)
	}
	m.batch.N = b.N
	return g.run(b)
}
