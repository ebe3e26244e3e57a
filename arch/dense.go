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
	New:  func() Layer { return &Dense{Activation: linear} },
}

// Dense is the arguments of a dense layer.
type Dense struct {
	Units      int        `json:"units" jsonschema:"required,minimum=1,maximum=16777216,description=Number of outputs."`
	Activation activation `json:"activation" jsonschema:"description=Applied to the output."`
}

// OutShape implements Layer.
func (d *Dense) OutShape(in Shape) (Shape, error) {
	if len(in) != 1 {
		return nil, fmt.Errorf("expected flat values, got %v: put flatten or global_avgpool2d before it", in)
	}
	return Shape{d.Units}, nil
}

// Cost implements Layer.
func (d *Dense) Cost(in Shape) Cost {
	return Cost{
		Params:       weightsAndBias([]int{in[0], d.Units}, in[0], d.Units),
		MultiplyAdds: int64(in[0]) * int64(d.Units),
	}
}

// Build implements Layer.
func (d *Dense) Build(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
	act, err := d.Activation.kernel()
	if err != nil {
		return nil, err
	}
	in := exampleShape(x)
	k := kernel.Dense{In: in[0], Out: d.Units, Act: act}
	return b.Apply(op.Dense(b.Batch.Size, k), Shape{d.Units}, x, d.Cost(in).Params)
}
