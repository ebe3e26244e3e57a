package optim

import (
	"runner/arch"
	"runner/arch/kernel"
)

// adam is the hyperparameters of [kernel.Adam] with weight decay in the gradient.
type adam struct {
	means
	WeightDecay float64 `json:"weight_decay" jsonschema:"minimum=0,maximum=1000,description=Adds this part of a parameter to its gradient."`
}

func newAdam() Config { return &adam{means: newMeans()} }

func (c *adam) New(params []arch.Variable) *Optimizer {
	return c.optimizer("adam", params, kernel.Adam{WeightDecay: c.WeightDecay})
}

// means is the hyperparameters that adam and adamw have in common.
type means struct {
	LearningRate float64 `json:"learning_rate" jsonschema:"exclusiveMinimum=0,maximum=1000,description=Step size."`
	Beta1        float64 `json:"beta1" jsonschema:"minimum=0,exclusiveMaximum=1,description=How much of the mean gradient is kept in a step."`
	Beta2        float64 `json:"beta2" jsonschema:"minimum=0,exclusiveMaximum=1,description=How much of the mean square is kept in a step."`
	Eps          float64 `json:"eps" jsonschema:"minimum=1e-30,maximum=1,description=Added to the root; it bounds the step of small gradients."`
}

func newMeans() means { return means{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8} }

func (c *means) Rate() float64 { return c.LearningRate }

// optimizer makes an optimizer of the given weight decay.
func (c *means) optimizer(name string, params []arch.Variable, u kernel.Adam) *Optimizer {
	u.Beta1, u.Beta2, u.Eps = c.Beta1, c.Beta2, c.Eps
	return newOptimizer(params, func(pool *kernel.Pool, t int64, rate float64, p arch.Variable, kept [][]float32) {
		u.Rate = rate
		u.Update(pool, t, p.Value, p.Grad, kept[0], kept[1])
	}, buffer{name + ".m", true}, buffer{name + ".v", true})
}
