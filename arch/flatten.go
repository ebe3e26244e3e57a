package arch

var flattenKind = Kind{
	Name: "flatten",
	Doc:  "Lays a picture out as one row of values.",
	New:  func() Layer { return &Flatten{} },
}

// Flatten is a flatten layer.
type Flatten struct{}

func (f *Flatten) Place(in Shape) (Placed, error) {
	return Placed{Out: Shape{in.Size()}, Build: (*Builder).Reshape}, nil
}
