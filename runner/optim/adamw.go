package optim

import "runner/arch/kernel"

// adamw is the hyperparameters of [kernel.Adam] with decoupled weight decay.
type adamw struct {
	LearningRate float64 `json:"learning_rate" jsonschema:"exclusiveMinimum=0,maximum=1000,description=Step size."`
	Beta1        float64 `json:"beta1" jsonschema:"minimum=0,exclusiveMaximum=1,description=How much of the mean gradient is kept in a step."`
	Beta2        float64 `json:"beta2" jsonschema:"minimum=0,exclusiveMaximum=1,description=How much of the mean square is kept in a step."`
	Eps          float64 `json:"eps" jsonschema:"minimum=1e-30,maximum=1,description=Added to the root; it bounds the step of small gradients."`
	WeightDecay  float64 `json:"weight_decay" jsonschema:"minimum=0,maximum=1000,description=Each step shrinks a parameter by the learning rate times this."`
}

func newAdamW() Config {
	return &adamw{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01}
}

func (c *adamw) Rate() float64 { return c.LearningRate }

func (c *adamw) New(params []Param) Optimizer {
	update := kernel.Adam{Beta1: c.Beta1, Beta2: c.Beta2, Eps: c.Eps, WeightDecay: c.WeightDecay, Decoupled: true}
	return newMoments("adamw", update, params)
}
