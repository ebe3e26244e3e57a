package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"runner/arch"
	"runner/internal/spec"
	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
	"runner/runner/lab"
)

func newCheck(a *app) *cobra.Command {
	var set []string
	var format string
	var threads int
	cmd := &cobra.Command{
		Use:   "check PATH...",
		Short: "Check experiment files and print their layers' shapes and costs",
		Long: `Check experiment files, without training. Of a valid file it prints each layer's
shapes, parameters and multiply-adds, and a forecast: how long an epoch takes on
this machine, if the dataset is prepared, and the memory that a run takes at most.
Networks that are new are timed for some seconds in all, and these times are kept
beside the datasets.`,
		Args: atLeast(1, "an experiment file or a folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := formatFlag(format, words.Table, words.JSON)
			if err != nil {
				return err
			}
			if err := checkThreads(threads); err != nil {
				return err
			}
			files, err := lab.ExperimentFiles(args)
			if err != nil {
				return err
			}
			var checked []record.Checked
			var networks []*runner.Plan // of those checked; nil where there is none
			invalid := false
			for _, file := range files {
				plans, faults := lab.LoadFile(file, set)
				invalid = invalid || len(faults) > 0
				more, of := checkedFile(file, plans, faults)
				checked, networks = append(checked, more...), append(networks, of...)
			}
			if err := a.lab.Forecast(cmd.Context(), checked, networks, threads); err != nil {
				return err
			}
			if err := term.Check(a.out, checked, f, style(a.out)); err != nil {
				return err
			}
			if invalid {
				return lab.Usage(errReported)
			}
			return nil
		},
	}
	cmd.Flags().StringArrayVar(&set, "set", nil, "override a key, such as layers[0].conv2d.filters=64 (repeatable)")
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	threadsFlag(cmd, &threads)
	return cmd
}

// checkedFile describes what a file holds: one network, or one for each point of
// a sweep whose layers differ. It also returns a plan of each.
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
