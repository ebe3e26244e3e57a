package arch

import (
	"runner/arch/kernel"
	"runner/arch/op"
	"runner/internal/spec"
)

var conv2dKind = Kind{
	Name: "conv2d",
	Doc:  "Convolution over height and width with a bias and an activation.",
	New:  func() Layer { return &Conv2D{Stride: spec.Pair{1, 1}, Padding: Same} },
}

// Conv2D is the arguments of a conv2d layer.
type Conv2D struct {
	Filters    int        `json:"filters" jsonschema:"required,minimum=1,maximum=65536,description=Number of output channels."`
	Kernel     spec.Pair  `json:"kernel" jsonschema:"required,minimum=1,maximum=1024,description=Height and width of the filters."`
	Stride     spec.Pair  `json:"stride" jsonschema:"minimum=1,maximum=1024,description=Step between outputs."`
	Padding    Padding    `json:"padding" jsonschema:"enum=same,enum=valid,description=Zeros around the picture (same keeps the size at stride 1) or none (valid)."`
	Activation activation `json:"activation" jsonschema:"description=Applied to the output."`
}

func (c *Conv2D) Place(in Shape) (Placed, error) {
	w, err := slide(in, "kernel", c.Kernel, c.Stride, c.Padding)
	if err != nil {
		return Placed{}, err
	}
	conv := kernel.Conv2D{Window: w, OutC: c.Filters, Act: kernel.Activation(c.Activation)}
	out, area := Shape{w.OutH, w.OutW, c.Filters}, w.SizeH*w.SizeW
	return Placed{
		Out:          out,
		Tensors:      weightsAndBias([]int{w.SizeH, w.SizeW, w.C, c.Filters}, area*w.C, area*c.Filters),
		MultiplyAdds: int64(out.Size()) * int64(area*w.C),
		Build:        single(func(b *Builder) op.Layer { return op.Conv2D(b.Batch.Size, conv) }),
	}, nil
}

// weightsAndBias describes the two parameters of a layer whose kernel's last
// dimension is its outputs.
func weightsAndBias(shape []int, fanIn, fanOut int) []Tensor {
	return []Tensor{
		{Name: "kernel", Shape: shape, Trained: true, Role: Weights, FanIn: fanIn, FanOut: fanOut},
		{Name: "bias", Shape: shape[len(shape)-1:], Trained: true, Role: Bias, FanIn: fanIn, FanOut: fanOut},
	}
}
