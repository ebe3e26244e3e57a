package optim

import (
	"runner/arch"
	"runner/arch/kernel"
)

// adamw is the hyperparameters of Adam with decoupled weight decay.
type adamw struct {
	means
	WeightDecay float64 `json:"weight_decay" jsonschema:"minimum=0,maximum=1000,description=Each step shrinks a parameter by the learning rate times this."`
}

func newAdamW() Config { return &adamw{means: newMeans(), WeightDecay: 0.01} }

func (c *adamw) New(params []arch.Variable) *Optimizer {
	return c.optimizer("adamw", params, kernel.Adam{WeightDecay: c.WeightDecay, Decoupled: true})
}
