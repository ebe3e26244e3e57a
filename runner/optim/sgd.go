package optim

import (
	"runner/arch"
	"runner/arch/kernel"
	"runner/internal/spec"
)

// sgd is the hyperparameters of [kernel.SGD].
type sgd struct {
	LearningRate float64 `json:"learning_rate" jsonschema:"required,exclusiveMinimum=0,maximum=1000,description=Step size."`
	Momentum     float64 `json:"momentum" jsonschema:"minimum=0,exclusiveMaximum=1,description=How much of the last step's direction is kept; 0 keeps nothing."`
	Nesterov     bool    `json:"nesterov" jsonschema:"description=Look ahead along the momentum (needs momentum)."`
	WeightDecay  float64 `json:"weight_decay" jsonschema:"minimum=0,maximum=1000,description=Adds this part of a parameter to its gradient."`
}

func newSGD() Config { return &sgd{} }

// DecodeNode refuses nesterov without momentum, which would do nothing.
func (c *sgd) DecodeNode(n spec.Node, where string) spec.Faults {
	type keys sgd
	faults := spec.Decode(n, (*keys)(c), where)
	if len(faults) == 0 && c.Nesterov && c.Momentum == 0 {
		faults = spec.Faults{{Pos: n.Pos, Message: where + ": nesterov needs a momentum above 0, for example momentum: 0.9"}}
	}
	return faults
}

func (c *sgd) Rate() float64 { return c.LearningRate }

func (c *sgd) New(params []arch.Variable) *Optimizer {
	u := kernel.SGD{Momentum: c.Momentum, WeightDecay: c.WeightDecay, Nesterov: c.Nesterov}
	return newOptimizer(params, func(pool *kernel.Pool, _ int64, rate float64, p arch.Variable, kept [][]float32) {
		u.Rate = rate
		u.Update(pool, p.Value, p.Grad, kept[0])
	}, buffer{"sgd.velocity", c.Momentum != 0})
}
