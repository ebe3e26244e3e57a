package arch

import (
	"fmt"
	"runtime"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"runner/arch/kernel"
	"runner/arch/op"
)

// graph is a network's graph for training or for evaluation. Until its plan is bound
// it has no memory and no values.
type graph struct {
	images, labels *gorgonia.Node
	tensors        map[string]*gorgonia.Node // by name
	logits, loss   *gorgonia.Node
	grads          gorgonia.Nodes // of the parameters in their order, for training
	plan           *op.Plan
	pools          []func(size, threads int) kernel.Buffers // see op.Layer
	machine        gorgonia.VM
}

// graphs makes the graph that evaluates and, for training, before it the graph that
// trains.
func (n *Network) graphs(batch *op.Batch, training bool) (all []*graph, err error) {
	defer func() {
		if r := recover(); r != nil { // Gorgonia panics on graphs that it cannot build
			all, err = nil, fmt.Errorf("building the graph: %v", r)
		}
	}()
	modes := []bool{false}
	if training {
		modes = []bool{true, false}
	}
	for _, training := range modes {
		g, err := n.graph(batch, training)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

func (n *Network) graph(batch *op.Batch, training bool) (*graph, error) {
	eg := gorgonia.NewGraph()
	shape := append([]int{batch.Size}, n.Input...)
	g := &graph{
		images: gorgonia.NewTensor(eg, tensor.Float32, len(shape), gorgonia.WithName("images"), gorgonia.WithShape(shape...)),
		labels: gorgonia.NewTensor(eg, tensor.Int32, 1, gorgonia.WithName("labels"), gorgonia.WithShape(batch.Size)),
	}
	b := newBuilder(batch, training, eg)
	var err error
	if g.logits, err = b.stack(n.Layers, g.images); err != nil {
		return nil, err
	}
	g.tensors, g.pools = b.tensors, b.pools
	if g.loss, err = op.SoftmaxCrossEntropy(batch, n.Classes, g.logits, g.labels); err != nil {
		return nil, err
	}
	results := gorgonia.Nodes{g.logits}
	if training {
		results = nil // gradients of parameters last anyway
		var params gorgonia.Nodes
		for name, t := range n.tensors() {
			if t.Trained {
				params = append(params, b.tensors[name])
			}
		}
		if g.grads, err = op.Gradients(batch, g.loss, params...); err != nil {
			return nil, fmt.Errorf("differentiating the network: %w", err)
		}
	}
	if g.plan, err = op.NewPlan(eg, results...); err != nil {
		return nil, err
	}
	g.machine = gorgonia.NewTapeMachine(eg)
	// Its finalizer serves graphics processors only, and would keep all that the machine
	// reaches alive for one more collection.
	runtime.SetFinalizer(g.machine, nil)
	return g, nil
}

// run runs the graph on a mini-batch and returns the loss.
func (g *graph) run(b *MiniBatch) (float64, error) {
	if err := gorgonia.Let(g.images, b.images); err != nil {
		return 0, fmt.Errorf("images of a mini-batch: %w", err)
	}
	if err := gorgonia.Let(g.labels, b.labels); err != nil {
		return 0, fmt.Errorf("labels of a mini-batch: %w", err)
	}
	defer g.machine.Reset()
	if err := g.machine.RunAll(); err != nil {
		// The machine's error does not unwrap; the one it holds does.
		if machine, ok := err.(interface{ Err() error }); ok {
			err = machine.Err()
		}
		return 0, fmt.Errorf("running the graph: %w", err)
	}
	return float64(*g.loss.Value().(*gorgonia.F32)), nil
}
