package arch

import "gorgonia.org/gorgonia"

// Kind is a kind of layer that an experiment file can name.
type Kind struct {
	Name string
	Doc  string       // one sentence or two, for the README and the JSON Schema
	New  func() Layer // returns a pointer to the arguments' defaults
}

// Layer is one layer with its arguments. What it costs is known without a
// graph.
type Layer interface {
	// OutShape returns the shape of the output for one example.
	OutShape(in Shape) (Shape, error)
	// Cost returns what the layer learns and computes. in has passed OutShape.
	Cost(in Shape) Cost
	// Build adds the layer to a graph and returns the node of its output.
	Build(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error)
}

// Cost is the price of a layer.
type Cost struct {
	Params       []ParamSpec
	MultiplyAdds int64 // for one example, forward
}

// ParamSpec describes one learned tensor.
type ParamSpec struct {
	Name   string // within its layer: kernel, bias
	Shape  []int
	Role   Role
	FanIn  int // values that one output is summed from
	FanOut int // values that one input contributes to
}

// Role decides which initialiser fills a parameter.
type Role uint8

const (
	// Weights are filled by init.weights.
	Weights Role = iota
	// Bias is filled by init.bias.
	Bias
)

// Kinds returns every kind of layer, in the order of the documentation.
func Kinds() []Kind {
	return []Kind{
		conv2dKind,
		denseKind,
		maxPool2DKind,
		avgPool2DKind,
		globalAvgPool2DKind,
		flattenKind,
		dropoutKind,
		activationKind,
	}
}
