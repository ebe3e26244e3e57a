package arch

import (
	"fmt"

	"runner/arch/kernel"
	"runner/arch/op"
)

var denseKind = Kind{
	Name: "dense",
	Doc:  "Fully connected layer with a bias and an activation. Its input must be flat.",
	New:  func() Layer { return &Dense{} },
}

// Dense is the arguments of a dense layer.
type Dense struct {
	Units      int        `json:"units" jsonschema:"required,minimum=1,maximum=16777216,description=Number of outputs."`
	Activation activation `json:"activation" jsonschema:"description=Applied to the output."`
}

func (d *Dense) Place(in Shape) (Placed, error) {
	if len(in) != 1 {
		return Placed{}, fmt.Errorf("expected flat values, got %v: put flatten or global_avgpool2d before it", in)
	}
	dense := kernel.Dense(in[0], d.Units, kernel.Activation(d.Activation))
	return Placed{
		Out:          Shape{d.Units},
		Tensors:      weightsAndBias([]int{in[0], d.Units}, in[0], d.Units),
		MultiplyAdds: int64(in[0]) * int64(d.Units),
		Build:        single(func(b *Builder) op.Layer { return op.Conv2D(b.Batch.Size, dense) }),
	}, nil
}
