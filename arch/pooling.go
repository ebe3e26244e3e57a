package arch

import (
	"runner/arch/kernel"
	"runner/arch/op"
	"runner/internal/spec"
)

var maxPool2DKind = Kind{
	Name: "maxpool2d",
	Doc:  "Maximum over a sliding window. Padding never wins.",
	New:  func() Layer { return &MaxPool2D{Pool2D{Padding: Same}} },
}

var avgPool2DKind = Kind{
	Name: "avgpool2d",
	Doc:  "Mean over a sliding window, padding left out.",
	New:  func() Layer { return &AvgPool2D{Pool2D{Padding: Same}} },
}

var globalAvgPool2DKind = Kind{
	Name: "global_avgpool2d",
	Doc:  "Mean over height and width: a picture becomes one flat value a channel.",
	New:  func() Layer { return &GlobalAvgPool2D{} },
}

// Pool2D is the arguments of a pooling layer.
type Pool2D struct {
	Pool    spec.Pair  `json:"pool" jsonschema:"required,minimum=1,maximum=1024,description=Height and width of the window."`
	Stride  *spec.Pair `json:"stride,omitempty" jsonschema:"minimum=1,maximum=1024,description=Step between windows; by default the size of the window."`
	Padding Padding    `json:"padding" jsonschema:"enum=same,enum=valid,description=Windows may reach over the edges (same) or not (valid)."`
}

// decode fills in the stride, whose default is the size of the window.
func (p *Pool2D) decode(n spec.Node, where string) spec.Faults {
	type plain Pool2D
	faults := spec.Decode(n, (*plain)(p), where)
	if p.Stride == nil {
		stride := p.Pool
		p.Stride = &stride
	}
	return faults
}

// place fits the window to a picture; pool makes the operation.
func (p *Pool2D) place(in Shape, pool func(size int, w kernel.Window) op.Layer) (Placed, error) {
	w, err := slide(in, "pool", p.Pool, *p.Stride, p.Padding)
	if err != nil {
		return Placed{}, err
	}
	return Placed{
		Out:   Shape{w.OutH, w.OutW, w.C},
		Build: single(func(b *Builder) op.Layer { return pool(b.Batch.Size, w) }),
	}, nil
}

// MaxPool2D is a maxpool2d layer.
type MaxPool2D struct{ Pool2D }

// DecodeNode implements spec.NodeDecoder.
func (m *MaxPool2D) DecodeNode(n spec.Node, where string) spec.Faults { return m.decode(n, where) }

// Place implements Layer.
func (m *MaxPool2D) Place(in Shape) (Placed, error) { return m.place(in, op.MaxPool2D) }

// AvgPool2D is an avgpool2d layer.
type AvgPool2D struct{ Pool2D }

// DecodeNode implements spec.NodeDecoder.
func (a *AvgPool2D) DecodeNode(n spec.Node, where string) spec.Faults { return a.decode(n, where) }

// Place implements Layer.
func (a *AvgPool2D) Place(in Shape) (Placed, error) { return a.place(in, avgPool2D) }

func avgPool2D(_ int, w kernel.Window) op.Layer { return op.AvgPool2D(w) }

// GlobalAvgPool2D is a global_avgpool2d layer: a window over the whole picture.
type GlobalAvgPool2D struct{}

// Place implements Layer.
func (g *GlobalAvgPool2D) Place(in Shape) (Placed, error) {
	if len(in) != 3 {
		return Placed{}, notAPicture(in)
	}
	size := spec.Pair{in[0], in[1]}
	whole := Pool2D{Pool: size, Stride: &size, Padding: Valid}
	placed, err := whole.place(in, avgPool2D)
	placed.Out = Shape{in[2]}
	return placed, err
}
