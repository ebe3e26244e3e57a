package main

import (
	"github.com/spf13/cobra"

	"runner/runner/lab"
)

func newResume(a *app) *cobra.Command {
	var all bool
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "resume [RUN]",
		Short: "Resume a run that was interrupted, to the same bits as if it never was",
		Long: `Resume a run that was interrupted or that failed from its last state, in the middle of
an epoch if need be. Without RUN it resumes the one run that was interrupted; --all resumes
all of them, the oldest first.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			if all && len(args) > 0 {
				return usagef("--all: expected no RUN with it, received %q", args[0])
			}
			var t *lab.Training
			var err error
			if len(args) == 1 {
				t, err = a.lab.Resume(cmd.Context(), args[0], f.TrainOptions)
			} else {
				t, err = a.lab.ResumeInterrupted(cmd.Context(), all, f.TrainOptions)
			}
			if err != nil {
				return err
			}
			return a.train(cmd.Context(), t, results{to: a.out, skipped: true})
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "resume every run that was interrupted")
	f.add(cmd)
	f.addJobs(cmd)
	return cmd
}
