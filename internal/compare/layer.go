package compare

import (
	"slices"
	"strings"

	"runner/internal/spec"
	"runner/store"
)

// Layer is one layer of a network.
type Layer struct {
	Index int        `json:"index"`
	Kind  string     `json:"kind"`
	Args  []Argument `json:"args"`
	// Output is the shape of one example's; the costs are nil, and it too, where the network cannot
	// be rebuilt from its record.
	Output       []int  `json:"output"`
	Parameters   *int64 `json:"parameters"`
	MultiplyAdds *int64 `json:"multiply_adds"` // of one example
}

// Argument is one of a layer, as it stands in the resolved experiment. Key is empty for the one of
// a layer that takes nothing else, such as "activation: relu".
type Argument struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Default bool   `json:"default"` // what a file that says nothing gets
}

// layersOf reads the layers out of settings.
func layersOf(settings store.Settings, defaultOf func(layer, argument string) string) []Layer {
	layers := []Layer{}
	for key, value := range settings.All() {
		_, rest, of := spec.CutLayer(key)
		if !of {
			continue
		}
		if rest == "" {
			layers = append(layers, Layer{Index: len(layers), Kind: value, Args: []Argument{}})
			continue
		}
		if len(layers) == 0 {
			continue // arguments without a layer: no record has them
		}
		l := &layers[len(layers)-1]
		arg := strings.TrimPrefix(strings.TrimPrefix(rest, l.Kind), ".")
		// Of a map with one key the settings have that key besides: it is no value.
		l.Args = slices.DeleteFunc(l.Args, func(a Argument) bool { return a.Key == "" && a.Value == arg })
		l.Args = append(l.Args, Argument{arg, value, arg != "" && defaultOf(l.Kind, arg) == value})
	}
	return layers
}

// Change is an argument that two layers of one kind differ in; a value is nil where there is none.
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
