package lab

import (
	"context"
	"errors"

	"runner/arch"
	"runner/internal/compare"
	"runner/internal/spec"
	"runner/store"
)

// Compare compares runs, each with the first.
func (l *Lab) Compare(ctx context.Context, refs []string) (compare.Comparison, error) {
	st, err := l.OpenStore(ctx)
	if err != nil {
		return compare.Comparison{}, err
	}
	defer st.Close()
	v, err := st.Snapshot(ctx, store.Filter{})
	if err != nil {
		return compare.Comparison{}, err
	}
	defer v.Close()
	c, err := compare.Runs(ctx, v, refs, compare.Options{Default: layerDefault, Costs: layerCosts})
	var same *compare.SameError
	if errors.As(err, &same) {
		return c, Usage(err)
	}
	return c, findUsage(err)
}

// layerCosts are the costs of the layers of a recorded run.
func layerCosts(run store.Run) ([]compare.Costs, error) {
	plan, err := planOf(run)
	if err != nil {
		return nil, err
	}
	var costs []compare.Costs
	for l := range plan.Network.All() {
		costs = append(costs, compare.Costs{Output: l.Out, Parameters: new(l.Parameters()),
			MultiplyAdds: new(l.MultiplyAdds)})
	}
	return costs, nil
}

// layerDefault is the default of a layer's argument, "" where it has none.
func layerDefault(layer, argument string) string {
	for _, k := range arch.Kinds() {
		if k.Name != layer {
			continue
		}
		args, err := spec.Arguments(k.New())
		if err != nil {
			return ""
		}
		for _, a := range args {
			if a.Path == argument {
				return a.Default
			}
		}
	}
	return ""
}
