package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"runner/internal/report"
	"runner/runner"
	"runner/store"
)

// trainFlags are the flags that run and sweep share.
type trainFlags struct {
	mode     string
	seed     int64
	epochs   int
	threads  int
	set      []string
	again    bool
	initFrom string
}

func (f *trainFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.mode, "mode", "", "single-batch or full, instead of the file's")
	flags.Int64Var(&f.seed, "seed", 0, "seed, instead of the file's")
	flags.IntVar(&f.epochs, "epochs", 0, "epochs, instead of the file's")
	threadsFlag(cmd, &f.threads)
	flags.StringArrayVar(&f.set, "set", nil, "override a key, such as optimizer.adam.learning_rate=3e-4 (repeatable)")
	flags.BoolVar(&f.again, "again", false, "train again what is finished already")
	flags.StringVar(&f.initFrom, "init-from", "", "start from the weights of a safetensors file")
}

// threadsFlag adds --threads.
func threadsFlag(cmd *cobra.Command, threads *int) {
	cmd.Flags().IntVar(threads, "threads", runtime.GOMAXPROCS(0), "threads to compute with; the results do not depend on it")
}

func checkThreads(threads int) error {
	if most := 1024; threads < 1 || threads > most {
		return usagef("--threads: expected 1 to %d, received %d", most, threads)
	}
	return nil
}

// overrides returns the flags as --set values.
func (f *trainFlags) overrides(cmd *cobra.Command) ([]string, error) {
	if err := checkThreads(f.threads); err != nil {
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
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "run FILE...",
		Short: "Train experiments and record every epoch",
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
			return a.trainAll(cmd.Context(), plans, f)
		},
	}
	f.add(cmd)
	return cmd
}

// trainAll trains plans one after another. It goes on past a run that fails
// and returns an error in the end. What another process trains is waited for,
// after everything else, and taken over should that process die.
func (a *app) trainAll(ctx context.Context, plans []*runner.Plan, f trainFlags) error {
	st, err := store.Open(ctx, a.storeDir)
	if err != nil {
		return err
	}
	defer st.Close()
	failed, told := 0, false
	for waiting := plans; len(waiting) > 0; told = true {
		var busy []*runner.Plan
		for _, plan := range waiting {
			err := a.train(ctx, st, plan, f)
			var elsewhere *store.BusyError
			switch {
			case errors.Is(err, context.Canceled):
				return err
			case errors.As(err, &elsewhere):
				busy = append(busy, plan)
				if !told {
					fmt.Fprintf(a.err, "%s: %v\n", title(plan), err)
				}
			case err != nil:
				failed++
				fmt.Fprintf(a.err, "%s: %v\n", title(plan), err)
			}
		}
		if waiting = busy; len(waiting) > 0 {
			select {
			case <-time.After(lookAgain):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("runs that failed: %d of %d", failed, len(plans))
	}
	return nil
}

// lookAgain is how often a run that another process trains is looked at.
const lookAgain = 500 * time.Millisecond

// title tells a plan's run from others, for people.
func title(plan *runner.Plan) string {
	e := plan.Experiment
	return describe(store.Run{Experiment: e.Name, Seed: e.Seed, Mode: string(e.Mode)})
}

// describe tells a recorded run from others, for people.
func describe(r store.Run) string { return fmt.Sprintf("%s seed %d %s", r.Experiment, r.Seed, r.Mode) }

// train trains one plan unless it is done, or goes on with it where it stands.
func (a *app) train(ctx context.Context, st *store.Store, plan *runner.Plan, f trainFlags) error {
	ds, err := a.openData(ctx, plan.Experiment.Dataset)
	if err != nil {
		return err
	}
	defer ds.Close()
	job := runner.Job{Plan: plan, Dataset: ds, Threads: f.threads, InitFrom: f.initFrom}
	run, err := runner.NewRun(job, runner.ThisEnvironment())
	if err != nil {
		return err
	}
	if !f.again {
		// Before the data are read: what is done or busy has no use for them.
		found, what, ok, err := st.Look(ctx, run.Identity)
		if err != nil {
			return err
		}
		if ok && what != store.Resumed {
			return a.settled(ctx, st, found, what)
		}
	}
	if err := trainable(ctx, job); err != nil {
		return err
	}
	what := store.Begun
	if f.again {
		run, err = st.Begin(ctx, run)
	} else {
		run, what, err = st.Claim(ctx, run)
	}
	if err != nil {
		return err
	}
	if what == store.Busy || what == store.Done {
		return a.settled(ctx, st, run, what)
	}
	return a.follow(ctx, st, run, job)
}

// trainable says why a job cannot be trained on this machine or these data, or nil.
func trainable(ctx context.Context, job runner.Job) error {
	if err := runner.CheckMemory(job); err != nil {
		return err
	}
	return job.Dataset.Verify(ctx)
}

// settled is what becomes of a plan whose run is Done, or Busy elsewhere.
func (a *app) settled(ctx context.Context, st *store.Store, run store.Run, what store.Claimed) error {
	if what == store.Busy {
		return &store.BusyError{Run: run}
	}
	fmt.Fprintf(a.err, "%s: done already (run %s), train it again with --again\n", describe(run), run.ID)
	if run.Status == store.Diverged {
		return errors.New(run.Reason)
	}
	return a.printResult(ctx, st, run.ID)
}

// follow trains a run of this process with a line an epoch, and prints its
// result.
func (a *app) follow(ctx context.Context, st *store.Store, run store.Run, job runner.Job) error {
	fmt.Fprintln(a.err, report.StartLine(run))
	if err := a.followEpochs(ctx, st, run, job); err != nil {
		if errors.Is(err, context.Canceled) {
			fmt.Fprintf(a.err, "run %s is interrupted, go on with: runner resume %[1]s\n", run.ID)
		}
		return err
	}
	// The run has ended well: an interruption now does not hide its result.
	return a.printResult(context.WithoutCancel(ctx), st, run.ID)
}

func (a *app) followEpochs(ctx context.Context, st *store.Store, run store.Run, job runner.Job) error {
	progress := new(runner.Progress)
	d := newDisplay(a.err, progress, run.Epochs)
	defer d.close()
	best := -1.0
	if run.BestValAccuracy != nil {
		best = *run.BestValAccuracy
	}
	for epoch, err := range runner.Record(ctx, st, run, job, progress) {
		if err != nil {
			return err
		}
		d.println(report.EpochLine(epoch, run.Epochs, epoch.ValAccuracy > best))
		best = max(best, epoch.ValAccuracy)
	}
	return nil
}

// printResult prints a finished run's line of results.
func (a *app) printResult(ctx context.Context, st *store.Store, id string) error {
	run, err := st.Find(ctx, id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.out, report.ResultLine(run))
	return err
}
