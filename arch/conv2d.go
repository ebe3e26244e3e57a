package arch

import (
	"gorgonia.org/gorgonia"

	"runner/arch/kernel"
	"runner/arch/op"
	"runner/internal/spec"
)

var conv2dKind = Kind{
	Name: "conv2d",
	Doc:  "Convolution over height and width with a bias and an activation.",
	New: func() Layer {
		return &Conv2D{Stride: spec.Pair{1, 1}, Padding: Same}
	},
}

// Conv2D is the arguments of a conv2d layer.
type Conv2D struct {
	Filters    int        `json:"filters" jsonschema:"required,minimum=1,maximum=65536,description=Number of output channels."`
	Kernel     spec.Pair  `json:"kernel" jsonschema:"required,minimum=1,maximum=1024,description=Height and width of the filters."`
	Stride     spec.Pair  `json:"stride" jsonschema:"minimum=1,maximum=1024,description=Step between outputs."`
	Padding    Padding    `json:"padding" jsonschema:"enum=same,enum=valid,description=Zeros around the picture (same keeps the size at stride 1) or none (valid)."`
	Activation activation `json:"activation" jsonschema:"description=Applied to the output."`
}

// Place implements Layer.
func (c *Conv2D) Place(in Shape) (Placed, error) {
	w, err := slide(in, "kernel", c.Kernel, c.Stride, c.Padding)
	if err != nil {
		return Placed{}, err
	}
	out := Shape{w.out[0], w.out[1], c.Filters}
	conv := kernel.Conv2D{
		InH: in[0], InW: in[1], InC: in[2],
		OutH: out[0], OutW: out[1], OutC: out[2],
		KernelH: c.Kernel[0], KernelW: c.Kernel[1],
		StrideH: c.Stride[0], StrideW: c.Stride[1],
		PadTop: w.top, PadLeft: w.left,
		Act: kernel.Activation(c.Activation),
	}
	area := c.Kernel[0] * c.Kernel[1]
	return Placed{
		Out:          out,
		Tensors:      weightsAndBias([]int{c.Kernel[0], c.Kernel[1], in[2], c.Filters}, area*in[2], area*c.Filters),
		MultiplyAdds: int64(out.Size()) * int64(area*in[2]),
		Build: func(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
			return b.Apply(op.Conv2D(b.Batch.Size, conv), x)
		},
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
