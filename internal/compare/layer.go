package compare

import "runner/internal/spec"

// Layer is one layer of a network, or of the layer that holds it.
type Layer struct {
	Index int        `json:"index"` // in its list
	Kind  string     `json:"kind"`
	Args  []Argument `json:"args"`
	Costs

	list   string
	inside []Layer // see Row.Children
}

// Costs are a layer's output shape and its costs, with those of the layers inside it. All are nil where the network
// cannot be rebuilt from its record.
type Costs struct {
	Output       []int  `json:"output"` // the shape, of one example
	Parameters   *int64 `json:"parameters"`
	MultiplyAdds *int64 `json:"multiply_adds"` // of one example
}

// Argument is an argument of a layer in the resolved experiment. Key is empty for a layer's only argument, as in
// "activation: relu".
type Argument struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Default bool   `json:"default"` // it is the default
}

// newLayers makes layers of their settings.
func newLayers(settings []spec.LayerSettings, defaultOf func(layer, argument string) string) []Layer {
	var layers []Layer
	for _, s := range settings {
		l := Layer{Index: s.Index, Kind: s.Kind, Args: []Argument{}, list: s.List, inside: newLayers(s.Layers, defaultOf)}
		for _, arg := range s.Args {
			l.Args = append(l.Args, Argument{arg.Path, arg.Value, arg.Path != "" && defaultOf(s.Kind, arg.Path) == arg.Value})
		}
		layers = append(layers, l)
	}
	return layers
}

// assign gives layers and those inside them their costs, and returns the costs that are left. There are enough.
func assign(layers []Layer, costs []Costs) []Costs {
	for i := range layers {
		layers[i].Costs = costs[0]
		costs = assign(layers[i].inside, costs[1:])
	}
	return costs
}

// number counts layers and those inside them.
func number(layers []Layer) int {
	n := len(layers)
	for _, l := range layers {
		n += number(l.inside)
	}
	return n
}

// Change is an argument that two layers of one kind differ in; a value is nil where a layer has none.
type Change struct {
	Key  string  `json:"key"`
	From *string `json:"from"`
	To   *string `json:"to"`
}

// changes are the arguments in which b differs from a, in a's order.
func changes(a, b Layer) []Change {
	var out []Change
	for _, x := range a.Args {
		if y := b.arg(x.Key); y == nil || *y != x.Value {
			out = append(out, Change{x.Key, &x.Value, y})
		}
	}
	for _, y := range b.Args {
		if a.arg(y.Key) == nil {
			out = append(out, Change{y.Key, nil, &y.Value})
		}
	}
	return out
}

func (l Layer) arg(key string) *string {
	for _, a := range l.Args {
		if a.Key == key {
			return &a.Value
		}
	}
	return nil
}
