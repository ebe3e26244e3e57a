// Package optim holds the optimizers: how a step changes the parameters, given
// their gradients.
//
//	Parse            reads an experiment's optimizer into its Config, the hyperparameters
//	Config.New       makes an Optimizer for the parameters of one network
//	Optimizer.Step   updates all of them, at a learning rate that the caller chooses
//	Optimizer.State  returns its buffers by name, to be saved in a checkpoint and copied back
//
// Formulas and defaults are PyTorch's. The arithmetic is in arch/kernel; here is what each optimizer remembers.
package optim

import (
	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/spec"
)

// Config is an optimizer's hyperparameters, as an experiment gives them.
type Config interface {
	// Rate is the base learning rate, which a schedule may scale.
	Rate() float64
	// New makes an optimizer of a model's parameters, before its first step. It keeps their slices.
	New(params []arch.Variable) *Optimizer
}

// Optimizer changes parameters. It is not safe for concurrent use.
type Optimizer struct {
	params  []arch.Variable
	buffers []buffer
	kept    [][][]float32 // kept[i][k] is buffers[k] of params[i]
	update  update
}

// buffer is what an optimizer remembers of each parameter, as long as that and zero at first. One that is not kept is
// nil.
type buffer struct {
	name string // with the optimizer's: "adam.m"
	kept bool
}

// update makes step t of one parameter, given its buffers.
type update func(pool *kernel.Pool, t int64, rate float64, param arch.Variable, kept [][]float32)

func newOptimizer(params []arch.Variable, update update, buffers ...buffer) *Optimizer {
	o := &Optimizer{params: params, buffers: buffers, kept: make([][][]float32, len(params)), update: update}
	for i, param := range params {
		o.kept[i] = make([][]float32, len(buffers))
		for k, b := range buffers {
			if b.kept {
				o.kept[i][k] = make([]float32, len(param.Value))
			}
		}
	}
	return o
}

// Step makes step t, which counts from 1 over the whole training, at the given learning rate. The bits of the
// result do not depend on the number of the pool's threads.
func (o *Optimizer) Step(pool *kernel.Pool, t int64, rate float64) {
	for i, param := range o.params {
		o.update(pool, t, rate, param, o.kept[i])
	}
}

// State returns what the next step needs besides the parameters, t and the rate. It is the live buffers: copying
// saved values into them restores it.
func (o *Optimizer) State() []Slot {
	var slots []Slot
	for k, b := range o.buffers {
		for i, param := range o.params {
			if b.kept {
				slots = append(slots, Slot{Name: b.name + "." + param.Name, Data: o.kept[i][k]})
			}
		}
	}
	return slots
}

// Slot is one buffer of an optimizer's state, as long as its parameter.
type Slot struct {
	Name string // optimizer, buffer, parameter: "adam.m.layers.0.conv2d.kernel"
	Data []float32
}

// Kind is one optimizer that an experiment can name.
type Kind = spec.Kind[Config]

// Parse checks the optimizer of an experiment. It returns its hyperparameters and the item with the defaults filled
// in, or every fault.
func Parse(it spec.Item) (Config, spec.Item, spec.Faults) {
	return spec.Choose(it, "optimizer", "optimizer", Kinds())
}
