package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"runner/runner/lab"
	"runner/store"
)

func newRm(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rm RUN...",
		Short: "Remove runs: their records and their checkpoints",
		Long: `Remove runs: their records and their checkpoints. RUN is an id, a unique prefix of one,
or an experiment's name (its latest run). The run's looks at the test split are no longer
counted then.`,
		Args: atLeast(1, "a RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			var runs []store.Run // all must be found before any is removed
			for _, ref := range args {
				st, run, err := a.lab.FindRun(ctx, ref)
				if err != nil {
					return err
				}
				st.Close()
				if !slices.ContainsFunc(runs, func(r store.Run) bool { return r.ID == run.ID }) {
					runs = append(runs, run)
				}
			}
			st, err := a.lab.OpenStore(ctx)
			if err != nil {
				return err
			}
			defer st.Close()
			for _, run := range runs {
				if err := st.Remove(ctx, run.ID); err != nil {
					return err
				}
				if _, err := fmt.Fprintf(a.out, "removed run %s: %s, %d/%d epochs, %s\n",
					run.ID, lab.Describe(run), run.Logged, run.Epochs, run.Status); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
