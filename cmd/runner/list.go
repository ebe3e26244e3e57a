package main

import (
	"time"

	"github.com/spf13/cobra"

	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/store"
)

func newList(a *app) *cobra.Command {
	var filter store.Filter
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the recorded runs, latest first",
		Args:  exactly(0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := formatFlag(format, words.Table, words.JSON)
			if err != nil {
				return err
			}
			if err := checkMode(filter.Mode); err != nil {
				return err
			}
			runs, err := a.lab.Runs(cmd.Context(), filter)
			if err != nil {
				return err
			}
			return term.Runs(a.out, runs, time.Now(), f, style(a.out))
		},
	}
	filterFlags(cmd, &filter)
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	return cmd
}
