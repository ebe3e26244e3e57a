package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/internal/spec"
	"runner/runner"
	"runner/store"
)

func newSweep(a *app) *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "sweep PATH...",
		Short: "Train every experiment under folders that is not trained yet, then compare",
		Args:  atLeast(1, "a folder or an experiment file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := f.overrides(cmd)
			if err != nil {
				return err
			}
			files, err := experimentFiles(args)
			if err != nil {
				return err
			}
			plans, faults := sweepPlans(files, set)
			for _, fault := range faults {
				fmt.Fprintln(a.err, fault)
			}
			if len(plans) == 0 && len(faults) > 0 {
				return usageError{errReported}
			}
			if err = a.trainAll(cmd.Context(), plans, f); err == nil && len(faults) > 0 {
				err = usagef("some experiment files are invalid and were left out, see above")
			}
			if cmd.Context().Err() != nil {
				return err
			}
			st, openErr := a.readStore(cmd.Context())
			if openErr != nil || st == nil {
				return openErr
			}
			defer st.Close()
			standings, listErr := st.Standings(cmd.Context(), store.Filter{})
			if listErr != nil {
				return listErr
			}
			if printErr := report.Leaderboard(a.out, standings, report.Table, style(a.out)); printErr != nil {
				return printErr
			}
			return err
		},
	}
	f.add(cmd)
	return cmd
}

// sweepPlans reads the files that are valid; the faults of the others do not
// stop them.
func sweepPlans(files, set []string) ([]*runner.Plan, spec.Faults) {
	var plans []*runner.Plan
	var faults spec.Faults
	for _, file := range files {
		loaded, more := loadFile(file, set)
		if len(more) > 0 {
			faults = append(faults, more...)
			continue
		}
		plans = append(plans, loaded...)
	}
	return plans, faults
}
