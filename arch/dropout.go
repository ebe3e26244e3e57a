package arch

import (
	"fmt"
	"math"

	"github.com/invopop/jsonschema"
	"gorgonia.org/gorgonia"

	"runner/arch/op"
	"runner/internal/spec"
)

var dropoutKind = Kind{
	Name: "dropout",
	Doc: "Zeroes values at random while training and scales the others up; does nothing in evaluation. " +
		"Give rate or keep_prob.",
	New: func() Layer { return &Dropout{} },
}

// Dropout is the arguments of a dropout layer.
type Dropout struct {
	Rate     *float64 `json:"rate,omitempty" jsonschema:"minimum=0,exclusiveMaximum=1,description=Probability of zeroing a value."`
	KeepProb *float64 `json:"keep_prob,omitempty" jsonschema:"exclusiveMinimum=0,maximum=1,description=Probability of keeping a value: 1 - rate."`
}

// DecodeNode turns either argument into a rate, so that both spellings are the same
// experiment.
func (d *Dropout) DecodeNode(n spec.Node, where string) spec.Faults {
	type plain Dropout
	faults := spec.Decode(n, (*plain)(d), where)
	switch {
	case len(faults) > 0:
	case d.Rate != nil && d.KeepProb != nil:
		faults = spec.Faults{{Pos: n.Pos, Message: where + ": rate and keep_prob mean the same: give only one of them"}}
	case d.Rate == nil && d.KeepProb == nil:
		faults = spec.Faults{{Pos: n.Pos, Message: where + ": rate is missing, for example {rate: 0.5}"}}
	case d.KeepProb != nil:
		// Rounded so that keep_prob 0.7 and rate 0.3 are the same experiment.
		rate := math.Round((1-*d.KeepProb)*1e12) / 1e12
		if rate >= 1 {
			return spec.Faults{{Pos: n.Pos, Message: fmt.Sprintf("%s: keep_prob %g keeps nothing", where, *d.KeepProb)}}
		}
		d.Rate, d.KeepProb = &rate, nil
	}
	return faults
}

// JSONSchemaExtend asks for one of the two keys.
func (Dropout) JSONSchemaExtend(s *jsonschema.Schema) {
	s.OneOf = []*jsonschema.Schema{{Required: []string{"rate"}}, {Required: []string{"keep_prob"}}}
}

func (d *Dropout) Place(in Shape) (Placed, error) {
	return Placed{Out: in, Build: func(b *Builder, x *gorgonia.Node) (*gorgonia.Node, error) {
		if !b.Training {
			return b.Reshape(x)
		}
		return b.Apply(op.Dropout(b.Batch.Size, *d.Rate, b.layer.Number, in.Size()), x)
	}}, nil
}
