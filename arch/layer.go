package arch

import "runner/internal/spec"

// Kind is a kind of layer that an experiment file can name.
type Kind = spec.Kind[Layer]

// Layer is one layer with its arguments.
type Layer interface {
	// Place fits the layer to the shape of its input, of one example, or says why
	// it does not fit.
	Place(in Shape) (Placed, error)
}

// Placed is a layer in its place: what it keeps and costs, which is known without a
// graph, and how it joins one.
type Placed struct {
	Out          Shape    // of one example
	Tensors      []Tensor // of its own
	MultiplyAdds int64    // for one example, forward, with those of the layers inside
	Children     []LayerInfo

	Build Build
}

// Tensor describes one tensor that a layer keeps. All are saved, restored and
// hashed. The trained ones are the parameters: they have gradients and an optimizer,
// and are counted. The others are state, which the layer's own forward pass updates
// in training: see op.Layer.
type Tensor struct {
	Name    string // within its layer: kernel, bias
	Shape   []int
	Trained bool

	// What fills it at first: Init or, if that is nil, the experiment's initialiser
	// for its role.
	Init Initializer
	Role Role

	FanIn  int // values that one output is summed from
	FanOut int // values that one input contributes to
}

// size is the number of the tensor's values.
func (t Tensor) size() int64 { return int64(Shape(t.Shape).Size()) }

// Role says which of the experiment's initialisers fills a tensor.
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
		residualKind,
	}
}
