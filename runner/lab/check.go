package lab

import (
	"context"
	"fmt"

	"runner/arch"
	"runner/internal/spec"
	"runner/internal/view/record"
	"runner/runner"
)

// Check returns the faults of each file among paths and below the folders among them, or what the file holds: one
// network, or one for each point of a sweep whose layers differ, with a forecast.
func (l *Lab) Check(ctx context.Context, paths, set []string, threads int) ([]record.Checked, error) {
	files, err := ExperimentFiles(paths)
	if err != nil {
		return nil, err
	}
	var checked []record.Checked
	var networks []*runner.Plan // of those checked; nil where there is none
	for _, file := range files {
		plans, faults := loadFile(file, set)
		more, of := checkedFile(file, plans, faults)
		checked, networks = append(checked, more...), append(networks, of...)
	}
	return checked, l.forecast(ctx, checked, networks, threads)
}

// checkedFile describes a file, and returns a plan of each network in it.
func checkedFile(file string, plans []*runner.Plan, faults spec.Faults) ([]record.Checked, []*runner.Plan) {
	c := record.Checked{File: file, Valid: len(faults) == 0}
	for _, fault := range faults {
		entry := record.CheckFault{Line: fault.Pos.Line, Column: fault.Pos.Column, Message: fault.Message}
		if fault.Pos.File != file {
			entry.File = fault.Pos.File
		}
		c.Faults = append(c.Faults, entry)
	}
	if len(plans) == 0 { // invalid, or abstract
		return []record.Checked{c}, []*runner.Plan{nil}
	}
	var all []record.Checked
	var networks []*runner.Plan
	seen := make(map[string]bool)
	for _, plan := range plans {
		each := c
		each.Experiment = plan.Experiment.Name
		each.Parameters, each.MultiplyAdds = plan.Network.Parameters(), plan.Network.MultiplyAdds()
		each.Layers = checkedLayers(plan.Network.Layers)
		if key := fmt.Sprint(each.Layers); !seen[key] {
			seen[key] = true
			all = append(all, each)
			networks = append(networks, plan)
		}
	}
	return all, networks
}

func checkedLayers(layers []arch.LayerInfo) []record.CheckLayer {
	var checked []record.CheckLayer
	for _, l := range layers {
		checked = append(checked, record.CheckLayer{
			List: l.List, Index: l.Index, Kind: l.Item.Kind, Args: l.OwnArgs().ArgsText(), Input: l.In, Output: l.Out,
			Parameters: l.Parameters(), MultiplyAdds: l.MultiplyAdds, Children: checkedLayers(l.Children),
		})
	}
	return checked
}
