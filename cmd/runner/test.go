package main

import (
	"github.com/spf13/cobra"

	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/store"
)

// checkpointFlag adds --checkpoint.
func checkpointFlag(cmd *cobra.Command, to *string) {
	cmd.Flags().StringVar(to, "checkpoint", "best", "best (by validation accuracy) or last")
}

func newTest(a *app) *cobra.Command {
	var checkpoint, format string
	var threads int
	cmd := &cobra.Command{
		Use:   "test RUN",
		Short: "Reload a run's checkpoint and print its loss and accuracy on the test split",
		Args:  exactly(1, "one RUN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkThreads(threads); err != nil {
				return err
			}
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format words.Format) error {
				tested, err := a.lab.Test(ctx, st, run, checkpoint, threads)
				if err != nil {
					return err
				}
				return term.Test(a.out, tested, format)
			})
		},
	}
	checkpointFlag(cmd, &checkpoint)
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	threadsFlag(cmd, &threads)
	return cmd
}
