// Package optim holds the optimizers: how a step changes the parameters, given
// their gradients.
//
//	Parse   an experiment's optimizer to its Config: hyperparameters, checked
//	Config  New makes an Optimizer for the parameters of one network
//	Step    one update of all of them, at a learning rate that the caller chooses
//	State   its buffers by name, to be saved in a checkpoint and copied back
//
// Formulas and defaults are PyTorch's. The arithmetic is in arch/kernel; here is
// what each optimizer remembers. To add one, write its file and its line in
// kinds.go.
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
	// New makes an optimizer of a model's parameters whose state is that before the
	// first step. It keeps their slices.
	New(params []arch.Variable) Optimizer
}

// Optimizer changes parameters. It is not safe for concurrent use.
type Optimizer interface {
	// Step makes step t, which counts from 1 over the whole training, at the
	// given learning rate. The bits of the result do not depend on the number of
	// the pool's threads.
	Step(p *kernel.Pool, t int64, rate float64)
	// State is what the next step needs besides the parameters, t and the rate.
	// It is the live buffers: copying saved values into them restores it.
	State() []Slot
}

// Slot is one buffer of an optimizer's state, as long as its parameter.
type Slot struct {
	Name string // optimizer, buffer, parameter: "adam.m.layers.0.conv2d.kernel"
	Data []float32
}

// Kind is one optimizer that an experiment can name.
type Kind = spec.Kind[Config]

// Parse checks the optimizer of an experiment. It returns its hyperparameters
// and the item with the defaults filled in, or everything that is wrong.
func Parse(it spec.Item) (Config, spec.Item, spec.Faults) {
	return spec.Choose(it, "optimizer", "optimizer", Kinds())
}

// buffers makes one buffer of zeros for each parameter.
func buffers(params []arch.Variable) [][]float32 {
	all := make([][]float32, len(params))
	for i, p := range params {
		all[i] = make([]float32, len(p.Value))
	}
	return all
}

// slots names the buffers, one for each parameter.
func slots(prefix string, params []arch.Variable, buffers [][]float32) []Slot {
	all := make([]Slot, len(buffers))
	for i, b := range buffers {
		all[i] = Slot{Name: prefix + "." + params[i].Name, Data: b}
	}
	return all
}
