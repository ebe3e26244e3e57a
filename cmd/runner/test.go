package main

import (
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/runner"
)

// checkpointFlag adds --checkpoint and returns where its value goes.
func checkpointFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("checkpoint", "best", "best (by validation accuracy) or last")
}

// checkpointFile returns the file that --checkpoint names.
func checkpointFile(folder, name string) (string, error) {
	switch name {
	case "best":
		return filepath.Join(folder, runner.BestFile), nil
	case "last":
		return filepath.Join(folder, runner.LastFile), nil
	}
	return "", usagef("--checkpoint: expected best or last, received %q", name)
}

func newTest(a *app) *cobra.Command {
	var checkpoint *string
	var format string
	var threads int
	cmd := &cobra.Command{
		Use:   "test RUN",
		Short: "Reload a run's checkpoint and print its loss and accuracy on the test split",
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
			file, err := checkpointFile(st.Folder(run.ID), *checkpoint)
			if err != nil {
				return err
			}
			job, err := a.jobOf(cmd.Context(), st, run, threads)
			if err != nil {
				return err
			}
			defer job.Dataset.Close()
			loss, accuracy, err := runner.Test(cmd.Context(), job, file)
			if err != nil {
				return err
			}
			return report.Test(a.out, report.Tested{
				Run: run.ID, Experiment: run.Experiment, Checkpoint: *checkpoint,
				Samples: job.Dataset.Test().Len(), TestLoss: loss, TestAccuracy: accuracy,
			}, f)
		},
	}
	checkpoint = checkpointFlag(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	cmd.Flags().IntVar(&threads, "threads", runtime.GOMAXPROCS(0), "threads to compute with")
	return cmd
}
