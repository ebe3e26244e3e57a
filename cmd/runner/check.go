package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"runner/arch"
	"runner/internal/report"
	"runner/internal/spec"
	"runner/runner"
)

func newCheck(a *app) *cobra.Command {
	var set []string
	var format string
	cmd := &cobra.Command{
		Use:   "check PATH...",
		Short: "Check experiment files and print their layers' shapes and costs",
		Args:  atLeast(1, "an experiment file or a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := formatFlag(format, report.Table, report.JSON)
			if err != nil {
				return err
			}
			files, err := experimentFiles(args)
			if err != nil {
				return err
			}
			var checked []report.Checked
			invalid := false
			for _, file := range files {
				plans, faults := loadFile(file, set)
				invalid = invalid || len(faults) > 0
				checked = append(checked, checkedFile(file, plans, faults)...)
			}
			if err := report.Check(a.out, checked, f, style(a.out)); err != nil {
				return err
			}
			if invalid {
				return usageError{errReported}
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&set, "set", nil, "override a key, such as layers[0].conv2d.filters=64 (repeatable)")
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}

// checkedFile describes what a file holds: one network, or one for each point of
// a sweep whose layers differ.
func checkedFile(file string, plans []*runner.Plan, faults spec.Faults) []report.Checked {
	c := report.Checked{File: file, Valid: len(faults) == 0}
	for _, fault := range faults {
		entry := report.CheckFault{Line: fault.Pos.Line, Column: fault.Pos.Column, Message: fault.Message}
		if fault.Pos.File != file {
			entry.File = fault.Pos.File
		}
		c.Faults = append(c.Faults, entry)
	}
	if len(plans) == 0 { // invalid, or abstract
		return []report.Checked{c}
	}
	var all []report.Checked
	seen := make(map[string]bool)
	for _, plan := range plans {
		each := c
		each.Experiment = plan.Experiment.Name
		each.Parameters, each.MultiplyAdds = plan.Network.Parameters(), plan.Network.MultiplyAdds()
		for i, l := range plan.Network.Layers {
			each.Layers = append(each.Layers, checkedLayer(l, plan.Experiment.Layers[i]))
		}
		if key := fmt.Sprint(each.Layers); !seen[key] {
			seen[key] = true
			all = append(all, each)
		}
	}
	return all
}

func checkedLayer(l arch.LayerInfo, item spec.Item) report.CheckLayer {
	return report.CheckLayer{
		Index: l.Index, Kind: l.Kind, Args: item.ArgsText(), Input: l.In, Output: l.Out,
		Parameters: l.Parameters(), MultiplyAdds: l.MultiplyAdds,
	}
}
