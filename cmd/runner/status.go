package main

import (
	"github.com/spf13/cobra"

	"runner/internal/view/term"
	"runner/internal/view/words"
)

func newStatus(a *app) *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show the sweeps and runs in progress, from any terminal",
		Args:  exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := formatFlag(format, words.Table, words.JSON)
			if err != nil {
				return err
			}
			s, err := a.lab.Status(cmd.Context())
			if err != nil {
				return err
			}
			return term.WriteStatus(a.out, s, f, style(a.out))
		},
	}
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}
