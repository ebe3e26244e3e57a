package arch

import (
	"fmt"
	"slices"

	"gorgonia.org/gorgonia"

	"runner/arch/op"
)

var residualKind = Kind{
	Name: "residual",
	Doc: "Adds what its layers produce to its input, or to what the layers of shortcut, if there are any, " +
		"make of its input. Both must have the same shape.",
	New: func() Layer { return &Residual{} },
}

// Residual is the arguments of a residual layer (He et al. 2016, "Deep residual
// learning for image recognition").
type Residual struct {
	Layers   Layers `json:"layers" jsonschema:"required,minItems=1,description=The layers whose output is added."`
	Shortcut Layers `json:"shortcut,omitempty" jsonschema:"description=Layers that the input passes on its way to the sum; by default none."`
}

func (r *Residual) Place(in Shape) (Placed, error) {
	layers, out, faults := r.Layers.place("layers", in)
	if faults != nil {
		return Placed{}, faults
	}
	shortcut, past, faults := r.Shortcut.place("shortcut", in)
	if faults != nil {
		return Placed{}, faults
	}
	switch {
	case slices.Equal(out, past):
	case len(shortcut) == 0:
		return Placed{}, &argError{"layers", fmt.Sprintf(
			"its layers produce %v, but the input that is added is %v: "+
				"keep that shape, or give a shortcut that produces %[1]v", out, past)}
	default:
		return Placed{}, &argError{"shortcut", fmt.Sprintf(
			"its layers produce %v, its shortcut %v: both must produce the same shape", out, past)}
	}
	p := Placed{Out: out, Children: slices.Concat(layers, shortcut)}
	p.MultiplyAdds = sum(p.Children, multiplyAdds)
	inner, outer := p.Children[:len(layers)], p.Children[len(layers):]
	p.Build = func(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
		y, err := b.stack(inner, x)
		if err != nil {
			return nil, err
		}
		if x, err = b.stack(outer, x); err != nil {
			return nil, err
		}
		return op.Add(b.Batch, b.layer.Name, y, x)
	}
	return p, nil
}
