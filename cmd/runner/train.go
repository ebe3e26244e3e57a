package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"runner/runner/sweep"
	"runner/store"
)

// trainFlags are the flags of the commands that train, and what they have in common.
type trainFlags struct {
	threads, jobs int // 0: chosen
	failFast      bool
}

func (f *trainFlags) add(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.threads, "threads", 0, "threads of each run (default: all processors, shared among the runs); the results do not depend on it")
}

func (f *trainFlags) addJobs(cmd *cobra.Command) {
	cmd.Flags().IntVar(&f.jobs, "jobs", 0, "runs to train at a time (default: one a processor, as far as memory reaches)")
	cmd.Flags().BoolVar(&f.failFast, "fail-fast", false, "stop everything when one run fails")
}

func (f *trainFlags) check(cmd *cobra.Command) error {
	if cmd.Flags().Changed("threads") {
		if err := checkThreads(f.threads); err != nil {
			return err
		}
	}
	if most := 1024; cmd.Flags().Changed("jobs") && (f.jobs < 1 || f.jobs > most) {
		return usagef("--jobs: expected 1 to %d, received %d", most, f.jobs)
	}
	return nil
}

// threadsFlag adds the --threads of a command that computes in this process.
func threadsFlag(cmd *cobra.Command, threads *int) {
	cmd.Flags().IntVar(threads, "threads", runtime.GOMAXPROCS(0), "threads to compute with; the results do not depend on it")
}

func checkThreads(threads int) error {
	if most := 1024; threads < 1 || threads > most {
		return usagef("--threads: expected 1 to %d, received %d", most, threads)
	}
	return nil
}

// tasks are the runs of a command: those to train, and those that cannot be.
type tasks struct {
	train  []*sweep.Task
	faulty int
}

// add adds a task, or says why there is none.
func (t *tasks) add(a *app, title string, task *sweep.Task, err error) {
	if err != nil {
		t.faulty++
		fmt.Fprintf(a.err, "%s: %v\n", title, err)
		return
	}
	t.train = append(t.train, task)
}

// results say where the runs' lines of results go, and whether those are among them
// that were done before.
type results struct {
	to     *os.File
	before bool
}

// train trains tasks, each in a process of its own, and shows how it goes. It goes
// on past a run that fails and returns an error in the end; done tells whether all
// tasks are over.
func (a *app) train(ctx context.Context, st *store.Store, ts tasks, f trainFlags, r results) (done bool, err error) {
	o, err := a.dataOptions()
	if err != nil {
		return false, err
	}
	d := newDisplay(a, ts.train, f.jobs, r)
	defer context.AfterFunc(ctx, d.stopping)()
	for e := range sweep.Train(ctx, sweep.List(ts.train...), sweep.Options{
		Store: st, Place: sweep.Here{Store: a.storeDir, Data: o.Dir, Worker: startWorker},
		Jobs: f.jobs, Threads: f.threads, FailFast: f.failFast,
	}) {
		d.show(e)
	}
	d.close()
	done = d.over == len(ts.train)
	if ctx.Err() != nil {
		return done, ctx.Err()
	}
	if bad, all := ts.faulty+d.failed, ts.faulty+len(ts.train); bad > 0 {
		return done, fmt.Errorf("runs that failed: %d of %d", bad, all)
	} else if d.interrupted > 0 { // by somebody who stopped its process
		return done, fmt.Errorf("runs that were interrupted: %d of %d", d.interrupted, all)
	}
	return done, d.unprinted
}

// describe tells a run from others, for people.
func describe(r store.Run) string { return fmt.Sprintf("%s seed %d %s", r.Experiment, r.Seed, r.Mode) }
