package arch

import (
	"fmt"

	"gorgonia.org/gorgonia"

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

// Place implements Layer.
func (d *Dense) Place(in Shape) (Placed, error) {
	if len(in) != 1 {
		return Placed{}, fmt.Errorf("expected flat values, got %v: put flatten or global_avgpool2d before it", in)
	}
	dense := kernel.Dense{In: in[0], Out: d.Units, Act: kernel.Activation(d.Activation)}
	return Placed{
		Out:          Shape{d.Units},
		Tensors:      weightsAndBias([]int{in[0], d.Units}, in[0], d.Units),
		MultiplyAdds: int64(in[0]) * int64(d.Units),
		Build: func(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
			return b.Apply(op.Dense(b.Batch.Size, dense), x)
		},
	}, nil
}
