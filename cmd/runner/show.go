package main

import (
	"github.com/spf13/cobra"

	"runner/internal/report"
)

func newShow(a *app) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show a run: its resolved experiment, every epoch and the curve",
		Long:  "Show a run. RUN is an id, a unique prefix of one, or an experiment's name (its latest run).",
		Args:  exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := formatFlag(format, report.Table, report.JSON)
			if err != nil {
				return err
			}
			st, run, err := a.findRun(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer st.Close()
			epochs, err := st.Epochs(cmd.Context(), run.ID)
			if err != nil {
				return err
			}
			return report.Show(a.out, run, epochs, f, style(a.out))
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}
