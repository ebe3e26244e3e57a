package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// planFlags are the flags of run and sweep, which train plans.
type planFlags struct {
	trainFlags
	mode     string
	seed     int64
	epochs   int
	set      []string
	again    bool
	initFrom string
}

func (f *planFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.mode, "mode", "", "single-batch or full, instead of the file's")
	flags.Int64Var(&f.seed, "seed", 0, "seed, instead of the file's")
	flags.IntVar(&f.epochs, "epochs", 0, "epochs, instead of the file's")
	flags.StringArrayVar(&f.set, "set", nil, "override a key, such as optimizer.adam.learning_rate=3e-4 (repeatable)")
	flags.BoolVar(&f.again, "again", false, "train again what is finished already")
	flags.StringVar(&f.initFrom, "init-from", "", "start from the weights of a safetensors file")
	f.trainFlags.add(cmd)
}

// overrides checks the flags and returns them as --set values.
func (f *planFlags) overrides(cmd *cobra.Command) ([]string, error) {
	if err := f.check(cmd); err != nil {
		return nil, err
	}
	if f.initFrom != "" {
		if _, err := os.Stat(f.initFrom); err != nil {
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
			plans, err := loadPlans(args, set)
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			st, err := store.Open(ctx, a.storeDir)
			if err != nil {
				return err
			}
			defer st.Close()
			ds := newDatasets(a.openData)
			defer ds.close()
			f.jobs = 1
			ts, err := a.planTasks(ctx, plans, f, ds)
			if err != nil {
				return err
			}
			_, err = a.train(ctx, st, ts, f.trainFlags, results{a.out, true})
			return err
		},
	}
	f.add(cmd)
	return cmd
}

// planTasks makes the tasks of plans: one of those that compute the same. The error
// is the context's.
func (a *app) planTasks(ctx context.Context, plans []*runner.Plan, f planFlags, ds *datasets) (tasks, error) {
	var ts tasks
	first := make(map[string]store.Run) // by identity
	for _, plan := range plans {
		e := plan.Experiment
		title := describe(store.Run{Experiment: e.Name, Seed: e.Seed, Mode: string(e.Mode)})
		task, err := a.planTask(ctx, plan, f, ds)
		if ctx.Err() != nil {
			return ts, ctx.Err()
		}
		if err == nil {
			if same, ok := first[task.Run.Identity]; ok {
				fmt.Fprintf(a.err, "%s: computes the same as %s, and is trained once\n", title, describe(same))
				continue
			}
			first[task.Run.Identity] = task.Run
		}
		ts.add(a, title, task, err)
	}
	return ts, nil
}

func (a *app) planTask(ctx context.Context, plan *runner.Plan, f planFlags, ds *datasets) (*sweep.Task, error) {
	dataset, err := ds.open(ctx, plan.Dataset)
	if err != nil {
		return nil, err
	}
	job := runner.Job{Plan: plan, Dataset: dataset, InitFrom: f.initFrom}
	run, err := runner.NewRun(job, runner.ThisEnvironment())
	if err != nil {
		return nil, err
	}
	return &sweep.Task{Job: job, Run: run, Again: f.again}, nil
}
