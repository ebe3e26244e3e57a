package main

import (
	"io"

	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/store"
)

func newShow(a *app) *cobra.Command {
	var format string
	var config bool
	cmd := &cobra.Command{
		Use:   "show RUN",
		Short: "Show a run: its resolved experiment, every epoch and the curve",
		Long: `Show a run. RUN is an id, a unique prefix of one, or an experiment's name (its latest
run). --config prints its resolved experiment alone, as a file for 'runner run'.`,
		Args: exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if config && cmd.Flags().Changed("format") {
				return usagef("--config: expected no --format besides, received %q", format)
			}
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format report.Format) error {
				if config {
					_, err := io.WriteString(a.out, run.Config)
					return err
				}
				epochs, err := st.Epochs(ctx, run.ID)
				if err != nil {
					return err
				}
				return report.Show(a.out, run, epochs, format, style(a.out))
			})
		},
	}
	cmd.Flags().BoolVar(&config, "config", false, "print the resolved experiment alone, as an experiment file")
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}
