package optim

import "runner/arch"

// adamw is the hyperparameters of Adam with decoupled weight decay.
type adamw struct {
	means
	WeightDecay float64 `json:"weight_decay" jsonschema:"minimum=0,maximum=1000,description=Each step shrinks a parameter by the learning rate times this."`
}

func newAdamW() Config { return &adamw{means: newMeans(), WeightDecay: 0.01} }

func (c *adamw) New(params []arch.Variable) Optimizer {
	update := c.update()
	update.WeightDecay, update.Decoupled = c.WeightDecay, true
	return newMoments("adamw", update, params)
}
