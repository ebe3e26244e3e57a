package arch

import (
	"context"
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
	"runner/arch/op"
	"runner/internal/rng"
)

// Model is a network with values and two graphs over the same parameters: one
// that trains and one that evaluates. Fill Images and Labels, then call Step
// or Evaluate. A Model is for one goroutine at a time.
type Model struct {
	Params []Param
	Images []float32 // (batch size, input shape): the next mini-batch
	Labels []int32   // (batch size)

	classes int
	batch   *op.Batch
	train   *graph
	eval    *graph
}

// Param is one learned tensor and its gradient of the latest Step. Both slices
// stay the same for the model's life.
type Param struct {
	Name        string // such as layers.0.conv2d.kernel
	Shape       []int
	Value, Grad []float32
}

// graph is a compiled graph.
type graph struct {
	machine gorgonia.VM
	logits  *gorgonia.Node
	loss    *gorgonia.Node
	params  []*gorgonia.Node
	grads   gorgonia.Nodes
}

// Build makes the graphs of a network for mini-batches of up to batchSize
// examples and draws its parameters from the seed.
func (n *Network) Build(ctx context.Context, pool *kernel.Pool, batchSize int, seed int64) (m *Model, err error) {
	defer func() {
		if r := recover(); r != nil { // Gorgonia panics on graphs that it does not like
			m, err = nil, fmt.Errorf("building the graph: %v", r)
		}
	}()
	images := tensor.New(tensor.WithShape(append([]int{batchSize}, n.Input...)...), tensor.Of(tensor.Float32))
	labels := tensor.New(tensor.WithShape(batchSize), tensor.Of(tensor.Int32))
	m = &Model{
		Images:  images.Float32s(),
		Labels:  labels.Int32s(),
		classes: n.Classes,
		batch:   &op.Batch{Pool: pool, Size: batchSize, N: batchSize, Seed: seed},
	}
	values, err := n.draw(ctx, pool, seed)
	if err != nil {
		return nil, err
	}
	if m.train, err = n.graph(m.batch, images, labels, values, true); err != nil {
		return nil, err
	}
	if m.eval, err = n.graph(m.batch, images, labels, values, false); err != nil {
		return nil, err
	}
	for i, node := range m.train.params {
		grad, err := op.Gradient(m.train.grads[i])
		if err != nil {
			return nil, fmt.Errorf("gradient of %s: %w", node.Name(), err)
		}
		m.Params = append(m.Params, Param{node.Name(), node.Shape(), values[node.Name()].Float32s(), grad})
	}
	return m, nil
}

// drawChunk is how many values one worker draws at a time.
const drawChunk = 1 << 14

// draw returns the first values of all parameters.
func (n *Network) draw(ctx context.Context, pool *kernel.Pool, seed int64) (map[string]*tensor.Dense, error) {
	values := make(map[string]*tensor.Dense)
	for _, l := range n.Layers {
		for i, p := range l.Params {
			init, purpose := n.Weights, rng.Weights
			if p.Role == Bias {
				init, purpose = n.Bias, rng.Bias
			}
			stream := rng.New(seed, purpose, l.Index, int64(i))
			value := tensor.New(tensor.WithShape(p.Shape...), tensor.Of(tensor.Float32))
			data := value.Float32s()
			pool.Do((len(data)+drawChunk-1)/drawChunk, func(_, chunk int) {
				if ctx.Err() != nil {
					return
				}
				for j := chunk * drawChunk; j < min((chunk+1)*drawChunk, len(data)); j++ {
					data[j] = float32(init.draw(p, stream, uint64(j)))
				}
			})
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			values[paramName(l.Index, l.Kind, p.Name)] = value
		}
	}
	return values, nil
}

func (n *Network) graph(batch *op.Batch, images, labels *tensor.Dense, values map[string]*tensor.Dense, training bool) (*graph, error) {
	eg := gorgonia.NewGraph()
	x := gorgonia.NewTensor(eg, tensor.Float32, images.Dims(),
		gorgonia.WithName("images"), gorgonia.WithShape(images.Shape()...), gorgonia.WithValue(images))
	y := gorgonia.NewTensor(eg, tensor.Int32, 1,
		gorgonia.WithName("labels"), gorgonia.WithShape(labels.Shape()...), gorgonia.WithValue(labels))
	b := &Builder{Batch: batch, Training: training, graph: eg, values: values, learns: make(map[*gorgonia.Node]bool)}
	var err error
	for _, l := range n.Layers {
		b.Index, b.kind = l.Index, l.Kind
		if x, err = l.layer.Build(b, x); err != nil {
			return nil, fmt.Errorf("layers[%d] %s: %w", l.Index, l.Kind, err)
		}
	}
	g := &graph{logits: x, params: b.params}
	if g.loss, err = op.SoftmaxCrossEntropy(batch, n.Classes, x, y); err != nil {
		return nil, err
	}
	if training {
		if g.grads, err = gorgonia.Grad(g.loss, b.params...); err != nil {
			return nil, fmt.Errorf("differentiating the network: %w", err)
		}
	}
	g.machine = gorgonia.NewTapeMachine(eg)
	return g, nil
}

// Step runs the training graph on the first n examples of Images and Labels:
// it returns their mean loss with dropout on and leaves the gradients in
// Params. step counts from 1 over the whole run; dropout draws from it.
func (m *Model) Step(n int, step int64) (loss float64, err error) {
	m.batch.Step = step
	return m.run(m.train, n)
}

// Evaluation is the outcome of Evaluate on one mini-batch.
type Evaluation struct {
	Loss    float64   // mean over the examples
	Correct int       // examples whose greatest logit is the label's
	Logits  []float32 // (n, classes), valid until the next call
}

// Evaluate runs the evaluation graph, dropout off, on the first n examples of
// Images and Labels.
func (m *Model) Evaluate(n int) (Evaluation, error) {
	loss, err := m.run(m.eval, n)
	if err != nil {
		return Evaluation{}, err
	}
	logits := m.eval.logits.Value().(*tensor.Dense).Float32s()[:n*m.classes]
	return Evaluation{loss, kernel.Correct(n, m.classes, logits, m.Labels), logits}, nil
}

func (m *Model) run(g *graph, n int) (float64, error) {
	if n < 1 || n > m.batch.Size {
		return 0, fmt.Errorf("mini-batch of %d examples: expected 1 to %d", n, m.batch.Size)
	}
	m.batch.N = n
	defer g.machine.Reset()
	if err := g.machine.RunAll(); err != nil {
		return 0, fmt.Errorf("running the graph: %w", err)
	}
	return float64(*g.loss.Value().(*gorgonia.F32)), nil
}
