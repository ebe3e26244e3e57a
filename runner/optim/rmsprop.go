package optim

import (
	"runner/arch"
	"runner/arch/kernel"
)

// rmsprop is the hyperparameters of [kernel.RMSprop].
type rmsprop struct {
	LearningRate float64 `json:"learning_rate" jsonschema:"exclusiveMinimum=0,maximum=1000,description=Step size."`
	Alpha        float64 `json:"alpha" jsonschema:"minimum=0,exclusiveMaximum=1,description=How much of the mean square is kept in a step."`
	Eps          float64 `json:"eps" jsonschema:"minimum=1e-30,maximum=1,description=Added to the root; it bounds the step of small gradients."`
	Momentum     float64 `json:"momentum" jsonschema:"minimum=0,exclusiveMaximum=1,description=How much of the last step is kept; 0 keeps nothing."`
	WeightDecay  float64 `json:"weight_decay" jsonschema:"minimum=0,maximum=1000,description=Adds this part of a parameter to its gradient."`
}

func newRMSprop() Config { return &rmsprop{LearningRate: 0.01, Alpha: 0.99, Eps: 1e-8} }

func (c *rmsprop) Rate() float64 { return c.LearningRate }

func (c *rmsprop) New(params []arch.Variable) *Optimizer {
	u := kernel.RMSprop{Alpha: c.Alpha, Eps: c.Eps, Momentum: c.Momentum, WeightDecay: c.WeightDecay}
	return newOptimizer(params, func(pool *kernel.Pool, _ int64, rate float64, p arch.Variable, kept [][]float32) {
		u.Rate = rate
		u.Update(pool, p.Value, p.Grad, kept[0], kept[1])
	}, buffer{"rmsprop.square", true}, buffer{"rmsprop.velocity", c.Momentum != 0})
}
