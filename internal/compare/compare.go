package compare

import (
	"context"
	"fmt"

	"runner/internal/spec"
	"runner/store"
)

// Most is how many sides can be compared: as many as there are distinct colours.
const Most = 7

// Comparison is experiments side by side. What is not on record is missing, and a Why says so.
type Comparison struct {
	Sides    []Side    `json:"sides"`
	Notes    []string  `json:"notes"`    // what does not compare between the sides
	Layers   []Row     `json:"layers"`   // in the order of A's
	Settings []Setting `json:"settings"` // that differ, except those of layers
	// Test is how the accuracies of the sides on A's data were compared.
	Test       Test       `json:"test"`
	Accuracies []Accuracy `json:"accuracies"` // of each side
	Answers    []Answers  `json:"answers"`    // of each side after A, compared with A's
	Classes    []string   `json:"classes"`    // names, by number
	Curves     []Curve    `json:"curves"`     // of each side
}

// Options supply what a store does not know.
type Options struct {
	Default func(layer, argument string) string // of a layer's argument, as a file would say it
	// Costs are those of each layer of a run's network, followed by those of the layers inside it.
	Costs func(run store.Run) ([]Costs, error)
}

// Runs compares what names mean in a snapshot of all runs. A name is the ID of a run, the beginning of one, or an
// experiment, which means its latest run. Accuracies and curves are compared between the whole experiments, answers
// between one run of each. The error is a *SameError if two names mean one run; see store.Find for names that mean none
// or several.
func Runs(ctx context.Context, v *store.Snapshot, names []string, o Options) (Comparison, error) {
	sides, err := findSides(ctx, v, names)
	if err != nil {
		return Comparison{}, err
	}
	c := Comparison{Sides: sides, Notes: append([]string{}, dataNotes(sides)...)}
	c.Classes = append([]string{}, sides[0].on.Classes...)
	if err := c.setUp(ctx, v, o); err != nil {
		return Comparison{}, err
	}
	c.Accuracies, c.Test = accuracies(sides)
	if c.Answers, err = answers(ctx, v, sides); err != nil {
		return Comparison{}, err
	}
	c.Curves, err = curves(ctx, v, sides)
	return c, err
}

// setUp compares the layers and the settings.
func (c *Comparison) setUp(ctx context.Context, v *store.Snapshot, o Options) error {
	var groups []string
	for _, s := range c.Sides {
		groups = append(groups, s.Group)
	}
	byGroup, err := v.Settings(ctx, groups...)
	if err != nil {
		return err
	}
	var networks [][]Layer
	var settings []store.Settings
	for _, s := range c.Sides {
		each, known := byGroup[s.Group]
		if !known {
			return fmt.Errorf("the settings of run %s are not on record, see 'runner store check'", s.Run)
		}
		network := newLayers(spec.LayersOf(each.All()), o.Default)
		costs, err := o.Costs(s.run)
		if err != nil {
			c.Notes = append(c.Notes, fmt.Sprintf("%s: the costs of single layers are not known: %v.", s.Label, err))
		} else if number(network) == len(costs) {
			assign(network, costs)
		}
		networks, settings = append(networks, network), append(settings, each)
	}
	c.Layers = rows(networks)
	c.Settings = differing(c.Sides, settings)
	return nil
}

// Test is how accuracies were compared; see stats.Test.
type Test struct {
	Name       string  `json:"name"` // empty if nothing was tested
	Level      float64 `json:"level"`
	Correction string  `json:"correction"`
	Pairs      int     `json:"pairs"`
	Text       string  `json:"text"` // in words
}
