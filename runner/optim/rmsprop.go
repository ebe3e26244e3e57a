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

func (c *rmsprop) New(params []arch.Variable) Optimizer {
	o := &rmspropOptimizer{config: *c, params: params, square: buffers(params)}
	if c.Momentum != 0 {
		o.velocity = buffers(params)
	}
	return o
}

type rmspropOptimizer struct {
	config   rmsprop
	params   []arch.Variable
	square   [][]float32 // running mean of the squared gradient
	velocity [][]float32 // none without momentum
}

func (o *rmspropOptimizer) Step(p *kernel.Pool, _ int64, rate float64) {
	c := o.config
	u := kernel.RMSprop{Rate: rate, Alpha: c.Alpha, Eps: c.Eps, Momentum: c.Momentum, WeightDecay: c.WeightDecay}
	for i, param := range o.params {
		var velocity []float32
		if o.velocity != nil {
			velocity = o.velocity[i]
		}
		u.Update(p, param.Value, param.Grad, o.square[i], velocity)
	}
}

func (o *rmspropOptimizer) State() []Slot {
	return append(slots("rmsprop.square", o.params, o.square), slots("rmsprop.velocity", o.params, o.velocity)...)
}
