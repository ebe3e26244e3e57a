package main

import (
	"cmp"
	"context"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"runner/runner/lab"
)

// trainFlags are the flags that all commands that train have.
type trainFlags struct{ lab.TrainOptions }

func (f *trainFlags) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.Threads, "threads", 0,
		"threads of each run (default: all processors, shared among the runs); the results do not depend on it")
}

func (f *trainFlags) addJobs(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.Jobs, "jobs", 0, "runs to train at a time (default: one a processor, if memory allows)")
	cmd.Flags().BoolVar(&f.FailFast, "fail-fast", false, "stop everything when one run fails")
}

func (f *trainFlags) check(cmd *cobra.Command) error {
	if cmd.Flags().Changed("threads") {
		if err := checkThreads(f.Threads); err != nil {
			return err
		}
	}
	if most := 1024; cmd.Flags().Changed("jobs") && (f.Jobs < 1 || f.Jobs > most) {
		return usagef("--jobs: expected 1 to %d, received %d", most, f.Jobs)
	}
	return nil
}

// threadsFlag adds the --threads of a command that computes in this process.
func threadsFlag(cmd *cobra.Command, threads *int) {
	cmd.Flags().IntVar(threads, "threads", runtime.GOMAXPROCS(0),
		"threads to compute with; the results do not depend on it")
}

func checkThreads(threads int) error {
	if most := 1024; threads < 1 || threads > most {
		return usagef("--threads: expected 1 to %d, received %d", most, threads)
	}
	return nil
}

// results say where the runs' lines of results go, and whether finished runs that are skipped get one.
type results struct {
	to      *os.File
	skipped bool
}

// train trains and shows how it goes.
func (a *app) train(ctx context.Context, t *lab.Training, r results) error {
	defer t.Close()
	d := newDisplay(a, t, r)
	defer context.AfterFunc(ctx, d.stopping)()
	for e := range t.Events(ctx) {
		d.show(e)
	}
	d.close()
	return cmp.Or(t.Err(), d.unprinted)
}
