package arch

import "gorgonia.org/gorgonia"

var flattenKind = Kind{
	Name: "flatten",
	Doc:  "Lays a picture out as one row of values.",
	New:  func() Layer { return &Flatten{} },
}

// Flatten is a flatten layer.
type Flatten struct{}

// OutShape implements Layer.
func (f *Flatten) OutShape(in Shape) (Shape, error) { return Shape{in.Size()}, nil }

// Cost implements Layer.
func (f *Flatten) Cost(Shape) Cost { return Cost{} }

// Build implements Layer.
func (f *Flatten) Build(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
	return b.Reshape(Shape{exampleShape(x).Size()}, x)
}
