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

func (c *adam) New(params []arch.Variable) Optimizer {
	update := c.update()
	update.WeightDecay = c.WeightDecay
	return newMoments("adam", update, params)
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

// update is the kernel without weight decay.
func (c *means) update() kernel.Adam {
	return kernel.Adam{Beta1: c.Beta1, Beta2: c.Beta2, Eps: c.Eps}
}

// moments is the optimizer of both adam and adamw: the running means m of the
// gradient and v of its square.
type moments struct {
	name   string      // the kind, for the names of the buffers
	update kernel.Adam // its Rate is set in every step
	params []arch.Variable
	m, v   [][]float32
}

func newMoments(name string, update kernel.Adam, params []arch.Variable) *moments {
	return &moments{name: name, update: update, params: params, m: buffers(params), v: buffers(params)}
}

func (o *moments) Step(p *kernel.Pool, t int64, rate float64) {
	o.update.Rate = rate
	for i, param := range o.params {
		o.update.Update(p, t, param.Value, param.Grad, o.m[i], o.v[i])
	}
}

func (o *moments) State() []Slot {
	return append(slots(o.name+".m", o.params, o.m), slots(o.name+".v", o.params, o.v)...)
}
