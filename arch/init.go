package arch

import (
	"math"

	"runner/internal/rng"
	"runner/internal/spec"
)

// InitKind is a kind of initialiser that init.weights and init.bias can name.
type InitKind = spec.Kind[Initializer]

// Initializer draws the first values of a tensor.
type Initializer interface {
	// draw returns the value of element i.
	draw(p Tensor, s rng.Stream, i uint64) float64
}

// InitKinds returns every kind of initialiser.
func InitKinds() []InitKind {
	kind := func(name, doc string, defaults func() Initializer) InitKind {
		return InitKind{Name: name, Doc: doc, New: defaults}
	}
	return []InitKind{
		kind("truncated_normal", "Normal draws within two standard deviations of the mean, as in TensorFlow.",
			func() Initializer { return &truncatedNormal{StdDev: 0.05} }),
		kind("normal", "Normal draws.", func() Initializer { return &normal{StdDev: 0.05} }),
		kind("uniform", "Uniform draws from min to max.", func() Initializer { return &uniform{Min: -0.05, Max: 0.05} }),
		kind("glorot_uniform", "Uniform within sqrt(6/(fan_in+fan_out)) (Glorot & Bengio 2010, eq. 16).",
			func() Initializer { return &byFan{fan: bothFans} }),
		kind("glorot_normal", "Normal with variance 2/(fan_in+fan_out) (Glorot & Bengio 2010, eq. 12).",
			func() Initializer { return &byFan{fan: bothFans, normal: true} }),
		kind("he_uniform", "Uniform within sqrt(6/fan_in) (He et al. 2015).",
			func() Initializer { return &byFan{fan: fanIn} }),
		kind("he_normal", "Normal with variance 2/fan_in (He et al. 2015, eq. 10).",
			func() Initializer { return &byFan{fan: fanIn, normal: true} }),
		kind("zeros", "All zero.", func() Initializer { return &zeros{} }),
		kind("constant", "All the same value.", func() Initializer { return &constant{} }),
	}
}

type truncatedNormal struct {
	Mean   float64 `json:"mean" jsonschema:"description=Mean."`
	StdDev float64 `json:"stddev" jsonschema:"exclusiveMinimum=0,description=Standard deviation before truncation."`
}

// draw inverts the distribution function between minus and plus two standard
// deviations, so that one uniform draw gives one value.
func (t *truncatedNormal) draw(_ Tensor, s rng.Stream, i uint64) float64 {
	bound := math.Erf(math.Sqrt2) // P(|z| < 2)
	return t.Mean + t.StdDev*math.Sqrt2*math.Erfinv(bound*(2*s.Float64(i)-1))
}

type normal struct {
	Mean   float64 `json:"mean" jsonschema:"description=Mean."`
	StdDev float64 `json:"stddev" jsonschema:"exclusiveMinimum=0,description=Standard deviation."`
}

func (n *normal) draw(_ Tensor, s rng.Stream, i uint64) float64 {
	return n.Mean + n.StdDev*s.Normal(i)
}

type uniform struct {
	Min float64 `json:"min" jsonschema:"description=Least value."`
	Max float64 `json:"max" jsonschema:"description=Greatest value."`
}

func (u *uniform) DecodeNode(n spec.Node, where string) spec.Faults {
	type plain uniform
	faults := spec.Decode(n, (*plain)(u), where)
	if len(faults) == 0 && u.Min > u.Max {
		faults = spec.Faults{{Pos: n.Pos, Message: where + ": min is greater than max"}}
	}
	return faults
}

func (u *uniform) draw(_ Tensor, s rng.Stream, i uint64) float64 {
	return u.Min + (u.Max-u.Min)*s.Float64(i)
}

// byFan draws with a variance of 2/fan.
type byFan struct {
	fan    func(t Tensor) int
	normal bool // else uniform
}

func fanIn(t Tensor) int    { return t.FanIn }
func bothFans(t Tensor) int { return t.FanIn + t.FanOut }

func (f *byFan) draw(t Tensor, s rng.Stream, i uint64) float64 {
	if f.normal {
		return math.Sqrt(2/float64(f.fan(t))) * s.Normal(i)
	}
	return math.Sqrt(6/float64(f.fan(t))) * (2*s.Float64(i) - 1)
}

type zeros struct{}

func (*zeros) draw(Tensor, rng.Stream, uint64) float64 { return 0 }

type constant struct {
	Value float64 `json:"value" jsonschema:"required,description=The value."`
}

func (c *constant) draw(Tensor, rng.Stream, uint64) float64 { return c.Value }
