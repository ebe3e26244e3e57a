package main

import (
	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/store"
)

func newShow(a *app) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show a run: its resolved experiment, every epoch and the curve",
		Long:  "Show a run. RUN is an id, a unique prefix of one, or an experiment's name (its latest run).",
		Args:  exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format report.Format) error {
				epochs, err := st.Epochs(ctx, run.ID)
				if err != nil {
					return err
				}
				return report.Show(a.out, run, epochs, format, style(a.out))
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}
