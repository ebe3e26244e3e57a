package main

import (
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
				c := checkedFile(file, plans, faults)
				invalid = invalid || !c.Valid
				checked = append(checked, c)
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

// checkedFile describes a file by its first run: the runs of a sweep share
// their file's layers or vary them in size alone.
func checkedFile(file string, plans []*runner.Plan, faults spec.Faults) report.Checked {
	c := report.Checked{File: file, Valid: len(faults) == 0}
	for _, fault := range faults {
		entry := report.CheckFault{Line: fault.Pos.Line, Column: fault.Pos.Column, Message: fault.Message}
		if fault.Pos.File != file {
			entry.File = fault.Pos.File
		}
		c.Faults = append(c.Faults, entry)
	}
	if !c.Valid || len(plans) == 0 {
		return c
	}
	plan := plans[0]
	c.Experiment = plan.Experiment.Name
	c.Parameters, c.MultiplyAdds = plan.Network.Parameters(), plan.Network.MultiplyAdds()
	for i, l := range plan.Network.Layers {
		c.Layers = append(c.Layers, checkedLayer(l, plan.Experiment.Layers[i]))
	}
	return c
}

func checkedLayer(l arch.LayerInfo, item spec.Item) report.CheckLayer {
	return report.CheckLayer{
		Index: l.Index, Kind: l.Kind, Args: item.ArgsText(), Input: l.In, Output: l.Out,
		Parameters: l.Parameters(), MultiplyAdds: l.MultiplyAdds,
	}
}
