package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
	"runner/store"
)

// checkpointFlag adds --checkpoint and returns where its value goes.
func checkpointFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("checkpoint", "best", "best (by validation accuracy) or last")
}

// checkpointFile returns the name and the path of the file of a run that --checkpoint
// names.
func checkpointFile(st *store.Store, run store.Run, checkpoint string) (name, path string, err error) {
	switch checkpoint {
	case "best":
		name = runner.BestFile
	case "last":
		name = runner.LastFile
	default:
		return "", "", usagef("--checkpoint: expected best or last, received %q", checkpoint)
	}
	path = filepath.Join(st.Folder(run.ID), name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("run %s (%s) has no %s checkpoint: %s is not there", run.ID, run.Status, checkpoint, path)
	}
	return name, path, nil
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
			if err := checkThreads(threads); err != nil {
				return err
			}
			ctx := cmd.Context()
			return a.withRun(ctx, args[0], format, func(st *store.Store, run store.Run, format words.Format) error {
				return a.test(ctx, st, run, *checkpoint, threads, format)
			})
		},
	}
	checkpoint = checkpointFlag(cmd)
	cmd.Flags().StringVar(&format, "format", "table", "table or json")
	threadsFlag(cmd, &threads)
	return cmd
}

func (a *app) test(ctx context.Context, st *store.Store, run store.Run, checkpoint string, threads int, format words.Format) error {
	name, _, err := checkpointFile(st, run, checkpoint)
	if err != nil {
		return err
	}
	job, err := a.jobOf(ctx, st, run, a.openData)
	if err != nil {
		return err
	}
	defer job.Dataset.Close()
	job.Threads = threads
	test, err := runner.Tested(ctx, st, run, job, name, "test")
	if err != nil {
		return err
	}
	looks, err := st.TestUses(ctx, run.ID)
	if err != nil {
		return err
	}
	return term.Test(a.out, record.Tested{
		Run: run.ID, Experiment: run.Experiment, Checkpoint: checkpoint,
		Samples: test.Answers.Examples, TestLoss: test.Loss, TestAccuracy: test.Answers.Accuracy(), Looks: len(looks),
	}, format)
}
