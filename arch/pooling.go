package arch

import (
	"fmt"

	"gorgonia.org/gorgonia"

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

// decode fills in the stride, whose default is another argument.
func (p *Pool2D) decode(n spec.Node, where string) spec.Faults {
	type plain Pool2D
	faults := spec.Decode(n, (*plain)(p), where)
	if p.Stride == nil {
		stride := p.Pool
		p.Stride = &stride
	}
	return faults
}

// OutShape implements Layer.
func (p *Pool2D) OutShape(in Shape) (Shape, error) {
	w, err := slide(in, "pool", p.Pool, *p.Stride, p.Padding)
	if err != nil {
		return nil, err
	}
	return Shape{w.out[0], w.out[1], in[2]}, nil
}

// Cost implements Layer: pooling learns and multiplies nothing.
func (p *Pool2D) Cost(Shape) Cost { return Cost{} }

func (p *Pool2D) window(in Shape) (kernel.Window, error) {
	w, err := slide(in, "pool", p.Pool, *p.Stride, p.Padding)
	return kernel.Window{
		InH: in[0], InW: in[1], C: in[2],
		OutH: w.out[0], OutW: w.out[1],
		PoolH: p.Pool[0], PoolW: p.Pool[1],
		StrideH: p.Stride[0], StrideW: p.Stride[1],
		PadTop: w.top, PadLeft: w.left,
	}, err
}

// MaxPool2D is a maxpool2d layer.
type MaxPool2D struct{ Pool2D }

// DecodeNode implements spec.NodeDecoder.
func (m *MaxPool2D) DecodeNode(n spec.Node, where string) spec.Faults { return m.decode(n, where) }

// Build implements Layer.
func (m *MaxPool2D) Build(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
	w, err := m.window(exampleShape(x))
	if err != nil {
		return nil, err
	}
	return b.Apply(op.MaxPool2D(b.Batch.Size, w), Shape{w.OutH, w.OutW, w.C}, x, nil)
}

// AvgPool2D is an avgpool2d layer.
type AvgPool2D struct{ Pool2D }

// DecodeNode implements spec.NodeDecoder.
func (a *AvgPool2D) DecodeNode(n spec.Node, where string) spec.Faults { return a.decode(n, where) }

// Build implements Layer.
func (a *AvgPool2D) Build(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
	w, err := a.window(exampleShape(x))
	if err != nil {
		return nil, err
	}
	return b.Apply(op.AvgPool2D(w), Shape{w.OutH, w.OutW, w.C}, x, nil)
}

// GlobalAvgPool2D is a global_avgpool2d layer.
type GlobalAvgPool2D struct{}

// OutShape implements Layer.
func (g *GlobalAvgPool2D) OutShape(in Shape) (Shape, error) {
	if len(in) != 3 {
		return nil, fmt.Errorf("expected a picture (height x width x channels), got %v flat values: put it before flatten", in)
	}
	return Shape{in[2]}, nil
}

// Cost implements Layer.
func (g *GlobalAvgPool2D) Cost(Shape) Cost { return Cost{} }

// Build implements Layer.
func (g *GlobalAvgPool2D) Build(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
	in := exampleShape(x)
	return b.Apply(op.GlobalAvgPool2D(in[0]*in[1], in[2]), Shape{in[2]}, x, nil)
}
