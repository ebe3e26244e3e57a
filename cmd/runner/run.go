package main

import (
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"runner/runner/lab"
)

// planFlags are the flags of run and sweep, which train plans.
type planFlags struct {
	trainFlags
	mode   string
	seed   int64
	epochs int
	set    []string
}

func (f *planFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.mode, "mode", "", "single-batch or full, instead of the file's")
	flags.Int64Var(&f.seed, "seed", 0, "seed, instead of the file's")
	flags.IntVar(&f.epochs, "epochs", 0, "epochs, instead of the file's")
	flags.StringArrayVar(&f.set, "set", nil, "override a key, such as optimizer.adam.learning_rate=3e-4 (repeatable)")
	flags.BoolVar(&f.Again, "again", false, "train finished runs again")
	flags.StringVar(&f.InitFrom, "init-from", "", "start from the weights of a safetensors file")
	f.trainFlags.add(cmd)
}

// overrides checks the flags and returns them as --set values.
func (f *planFlags) overrides(cmd *cobra.Command) ([]string, error) {
	if err := f.check(cmd); err != nil {
		return nil, err
	}
	if f.InitFrom != "" {
		if _, err := os.Stat(f.InitFrom); err != nil {
			return nil, usagef("--init-from: %v", err)
		}
	}
	set := f.set
	if cmd.Flags().Changed("mode") {
		set = append(set, "mode="+f.mode)
	}
	if cmd.Flags().Changed("seed") {
		set = append(set, "seed="+strconv.FormatInt(f.seed, 10))
	}
	if cmd.Flags().Changed("epochs") {
		set = append(set, "epochs="+strconv.Itoa(f.epochs))
	}
	return set, nil
}

func newRun(a *app) *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "run FILE...",
		Short: "Train experiments one after another and record every epoch",
		Args:  atLeast(1, "an experiment file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			set, err := f.overrides(cmd)
			if err != nil {
				return err
			}
			plans, err := lab.LoadPlans(args, set)
			if err != nil {
				return err
			}
			f.Jobs = 1
			t, err := a.lab.Train(cmd.Context(), plans, f.TrainOptions)
			if err != nil {
				return err
			}
			return a.train(cmd.Context(), t, results{to: a.out, skipped: true})
		},
	}
	f.add(cmd)
	return cmd
}
