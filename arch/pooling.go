package arch

import (
	"runner/arch/kernel"
	"runner/arch/op"
	"runner/internal/spec"
)

var maxPool2DKind = Kind{
	Name: "maxpool2d",
	Doc:  "Maximum over a sliding window. Padding never wins.",
	New:  func() Layer { return &Pool2D{Padding: Same, operation: op.MaxPool2D} },
}

var avgPool2DKind = Kind{
	Name: "avgpool2d",
	Doc:  "Mean over a sliding window, padding left out.",
	New:  func() Layer { return &Pool2D{Padding: Same, operation: avgPool2D} },
}

var globalAvgPool2DKind = Kind{
	Name: "global_avgpool2d",
	Doc:  "Mean over height and width: a picture becomes one flat value a channel.",
	New:  func() Layer { return &GlobalAvgPool2D{} },
}

// Pool2D is the arguments of a maxpool2d or avgpool2d layer.
type Pool2D struct {
	Pool    spec.Pair  `json:"pool" jsonschema:"required,minimum=1,maximum=1024,description=Height and width of the window."`
	Stride  *spec.Pair `json:"stride,omitempty" jsonschema:"minimum=1,maximum=1024,description=Step between windows; by default the size of the window."`
	Padding Padding    `json:"padding" jsonschema:"enum=same,enum=valid,description=Windows may reach over the edges (same) or not (valid)."`

	operation func(size int, k kernel.Pool2D) op.Layer
}

// DecodeNode fills in the stride, whose default is the size of the window.
func (p *Pool2D) DecodeNode(n spec.Node, where string) spec.Faults {
	type plain Pool2D
	faults := spec.Decode(n, (*plain)(p), where)
	if p.Stride == nil {
		stride := p.Pool
		p.Stride = &stride
	}
	return faults
}

// Place fits the window to a picture.
func (p *Pool2D) Place(in Shape) (Placed, error) {
	w, err := slide(in, "pool", p.Pool, *p.Stride, p.Padding)
	if err != nil {
		return Placed{}, err
	}
	return Placed{
		Out:   Shape{w.OutH, w.OutW, w.C},
		Build: single(func(b *Builder) op.Layer { return p.operation(b.Batch.Size, kernel.Pool2D{Window: w}) }),
	}, nil
}

func avgPool2D(_ int, k kernel.Pool2D) op.Layer { return op.AvgPool2D(k) }

// GlobalAvgPool2D is a global_avgpool2d layer: a window over the whole picture.
type GlobalAvgPool2D struct{}

func (g *GlobalAvgPool2D) Place(in Shape) (Placed, error) {
	if len(in) != 3 {
		return Placed{}, notAPicture(in)
	}
	size := spec.Pair{in[0], in[1]}
	whole := Pool2D{Pool: size, Stride: &size, Padding: Valid, operation: avgPool2D}
	placed, err := whole.Place(in)
	placed.Out = Shape{in[2]}
	return placed, err
}
