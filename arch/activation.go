package arch

import (
	"fmt"
	"strings"

	"github.com/invopop/jsonschema"

	"runner/arch/kernel"
	"runner/arch/op"
	"runner/internal/spec"
)

// activation is the argument by which a layer names the activation function fused
// into it. The default is linear.
type activation kernel.Activation

func (a *activation) DecodeNode(n spec.Node, where string) spec.Faults {
	if n.Kind == spec.String {
		if k, ok := kernel.ParseActivation(n.String); ok {
			*a = activation(k)
			return nil
		}
	}
	message := fmt.Sprintf("%s: expected an activation (%s), got %s",
		where, strings.Join(kernel.Activations(), ", "), n.Describe())
	if near := spec.Suggest(n.String, kernel.Activations()); near != "" {
		message = fmt.Sprintf("%s: unknown activation %q, did you mean %q?", where, n.String, near)
	}
	return spec.Faults{{Pos: n.Pos, Message: message}}
}

// JSONSchema describes the names to editors.
func (activation) JSONSchema() *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, name := range kernel.Activations() {
		s.Enum = append(s.Enum, name)
	}
	return s
}

// MarshalText writes the name.
func (a activation) MarshalText() ([]byte, error) { return []byte(kernel.Activation(a).String()), nil }

var activationKind = Kind{
	Name: "activation",
	Doc: "An activation function as a layer of its own, written - activation: relu. " +
		"The functions, here and as an argument: " + strings.Join(kernel.Activations(), ", ") + ".",
	New: func() Layer { return &Activation{} },
}

// Activation is an activation layer. Its only argument may be written without its key.
type Activation struct {
	Function activation `json:"function" jsonschema:"required"`
}

func (a *Activation) DecodeNode(n spec.Node, where string) spec.Faults {
	if n.Kind != spec.Map {
		return a.Function.DecodeNode(n, where)
	}
	type plain Activation
	return spec.Decode(n, (*plain)(a), where)
}

// JSONSchema describes both ways of writing the argument to editors.
func (Activation) JSONSchema() *jsonschema.Schema {
	function, properties := activation(0).JSONSchema(), jsonschema.NewProperties()
	properties.Set("function", function)
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{function, {
		Type: "object", Properties: properties, Required: []string{"function"},
		AdditionalProperties: jsonschema.FalseSchema,
	}}}
}

func (a *Activation) Place(in Shape) (Placed, error) {
	return Placed{Out: in, Build: single(func(*Builder) op.Layer {
		return op.Activation(kernel.Activation(a.Function), in.Size())
	})}, nil
}
