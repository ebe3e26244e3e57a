package main

import (
	"slices"

	"github.com/spf13/cobra"

	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
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
			checked, err := a.lab.Check(cmd.Context(), args, set, threads)
			if err != nil {
				return err
			}
			if err := term.Check(a.out, checked, f, style(a.out)); err != nil {
				return err
			}
			if slices.ContainsFunc(checked, func(c record.Checked) bool { return !c.Valid }) {
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
