package lab

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// TrainOptions say which runs to train, and how.
type TrainOptions struct {
	Jobs, Threads int    // at a time, and of each; 0: chosen
	FailFast      bool   // stop everything when one run fails
	Again         bool   // train what is finished too
	RetryFailed   bool   // only what failed or diverged
	InitFrom      string // a safetensors file of weights to start from; "": drawn
}

// Training is a set of tasks, before and while they are trained.
type Training struct {
	Tasks    []*sweep.Task
	Options  TrainOptions
	Progress *Progress // of the tasks; it may be read while they are trained

	lab      *Lab
	store    *store.Store
	datasets *datasets
	faulty   int                   // runs that cannot be trained
	end      func(done bool) error // of a sweep on record; nil where there is none
	err      error
}

// newTraining returns a training without tasks. Close it.
func (l *Lab) newTraining(st *store.Store, o TrainOptions) *Training {
	return &Training{lab: l, Options: o, store: st, datasets: newDatasets(l.OpenData)}
}

// Close closes what the training opened.
func (t *Training) Close() {
	t.datasets.close()
	t.store.Close()
}

// Train prepares to train plans. Of plans that compute the same it takes one.
func (l *Lab) Train(ctx context.Context, plans []*runner.Plan, o TrainOptions) (*Training, error) {
	st, err := store.Open(ctx, l.Store)
	if err != nil {
		return nil, err
	}
	t := l.newTraining(st, o)
	if err := t.plan(ctx, plans); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

// Sweep prepares to train plans as a sweep on record, which Status shows.
func (l *Lab) Sweep(ctx context.Context, plans []*runner.Plan, o TrainOptions) (*Training, error) {
	t, err := l.Train(ctx, plans, o)
	if err != nil {
		return nil, err
	}
	if err := t.beginSweep(ctx); err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

func (t *Training) beginSweep(ctx context.Context) (err error) {
	if t.Options.RetryFailed {
		if t.Tasks, err = failedTasks(ctx, t.store, t.Tasks); err != nil {
			return err
		}
		if len(t.Tasks) == 0 {
			t.lab.warnf("no run failed or diverged: nothing to repeat")
		}
	}
	runs := make([]store.SweepRun, len(t.Tasks))
	for i, task := range t.Tasks {
		r := task.Run
		runs[i] = store.SweepRun{
			Identity: r.Identity, Experiment: r.Experiment, Seed: r.Seed, Mode: r.Mode, Epochs: r.Epochs,
			Work: task.Work(), Again: task.Again,
		}
	}
	t.Progress = NewProgress(t.Tasks, time.Now())
	number, err := t.store.BeginSweep(ctx, runs)
	t.end = func(done bool) error { return t.store.EndSweep(context.WithoutCancel(ctx), number, done) }
	return err
}

// failedTasks returns the tasks whose run failed, which will be resumed, or diverged, which will be begun anew.
func failedTasks(ctx context.Context, st *store.Store, tasks []*sweep.Task) ([]*sweep.Task, error) {
	var failed []*sweep.Task
	for _, t := range tasks {
		run, _, found, err := st.Look(ctx, t.Run.Identity)
		if err != nil {
			return nil, err
		}
		if found && (run.Status == store.Failed || run.Status == store.Diverged) {
			t.Again = run.Status == store.Diverged
			failed = append(failed, t)
		}
	}
	return failed, nil
}

// plan makes the tasks of plans. Its error is the context's.
func (t *Training) plan(ctx context.Context, plans []*runner.Plan) error {
	first := make(map[string]store.Run) // by identity
	for _, plan := range plans {
		e := plan.Experiment
		title := Describe(store.Run{Experiment: e.Name, Seed: e.Seed, Mode: string(e.Mode)})
		task, err := planTask(ctx, plan, t.Options, t.datasets)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			if same, ok := first[task.Run.Identity]; ok {
				t.lab.warnf("%s: computes the same as %s, which is trained instead", title, Describe(same))
				continue
			}
			first[task.Run.Identity] = task.Run
		}
		t.add(title, task, err)
	}
	t.Progress = NewProgress(t.Tasks, time.Now())
	return nil
}

func planTask(ctx context.Context, plan *runner.Plan, o TrainOptions, ds *datasets) (*sweep.Task, error) {
	dataset, err := ds.open(ctx, plan.Dataset)
	if err != nil {
		return nil, err
	}
	job := runner.Job{Plan: plan, Dataset: dataset, InitFrom: o.InitFrom}
	run, err := runner.NewRun(job, runner.ThisEnvironment())
	if err != nil {
		return nil, err
	}
	return &sweep.Task{Job: job, Run: run, Again: o.Again}, nil
}

// add adds a task, or warns why there is none.
func (t *Training) add(title string, task *sweep.Task, err error) {
	if err != nil {
		t.faulty++
		t.lab.warnf("%s: %v", title, err)
		return
	}
	t.Tasks = append(t.Tasks, task)
}

// Resume prepares to resume a run.
func (l *Lab) Resume(ctx context.Context, ref string, o TrainOptions) (*Training, error) {
	st, run, err := l.FindRun(ctx, ref)
	if err != nil {
		return nil, err
	}
	if run.Over() {
		st.Close()
		return nil, Usagef("run %s is over (%s): nothing to resume", run.ID, run.Status)
	}
	return l.resume(ctx, st, []store.Run{run}, o)
}

// ResumeInterrupted prepares to resume the one run that was interrupted, or all of them.
func (l *Lab) ResumeInterrupted(ctx context.Context, all bool, o TrainOptions) (*Training, error) {
	st, err := l.OpenStore(ctx)
	if err != nil {
		return nil, err
	}
	interrupted, err := interruptedRuns(ctx, st, all)
	if err != nil {
		st.Close()
		return nil, err
	}
	if len(interrupted) == 0 {
		l.warnf("no run was interrupted: nothing to resume")
	}
	return l.resume(ctx, st, interrupted, o)
}

// interruptedRuns returns the runs that were interrupted, the oldest first. Several are an error, unless all are
// wanted.
func interruptedRuns(ctx context.Context, st *store.Store, all bool) ([]store.Run, error) {
	runs, err := st.Runs(ctx, store.Filter{})
	if err != nil {
		return nil, err
	}
	var interrupted, running []store.Run
	for i := len(runs) - 1; i >= 0; i-- {
		switch runs[i].Status {
		case store.Interrupted:
			interrupted = append(interrupted, runs[i])
		case store.Running:
			running = append(running, runs[i])
		}
	}
	if len(interrupted) == 0 && len(running) > 0 {
		// If its parent was killed, it is about to be interrupted.
		return nil, &store.BusyError{Run: running[0]}
	}
	if !all && len(interrupted) > 1 {
		var lines strings.Builder
		for _, r := range interrupted {
			fmt.Fprintf(&lines, "\n  %s  %s  %d of %d epochs", r.ID, Describe(r), r.Logged, r.Epochs)
		}
		return nil, Usagef("%d runs were interrupted, name one or say --all:%s", len(interrupted), &lines)
	}
	return interrupted, nil
}

// resume prepares to resume recorded runs.
func (l *Lab) resume(ctx context.Context, st *store.Store, runs []store.Run, o TrainOptions) (*Training, error) {
	t := l.newTraining(st, o)
	for _, run := range runs {
		job, err := l.jobOf(ctx, st, run, t.datasets.open)
		if ctx.Err() != nil {
			t.Close()
			return nil, ctx.Err()
		}
		t.add(fmt.Sprintf("run %s of %s", run.ID, Describe(run)), &sweep.Task{Job: job, Run: run}, err)
	}
	t.Progress = NewProgress(t.Tasks, time.Now())
	return t, nil
}

// Events trains the tasks, each in a process of its own, and returns what happens. A run that fails does not stop the
// others; Err reports it at the end.
func (t *Training) Events(ctx context.Context) iter.Seq[sweep.Event] {
	return func(yield func(sweep.Event) bool) {
		o, err := t.lab.DataOptions()
		if err != nil {
			t.err = errors.Join(err, t.finish(false))
			return
		}
		for e := range sweep.Train(ctx, sweep.List(t.Tasks...), sweep.Options{
			Store: t.store, Place: sweep.Here{Store: t.lab.Store, Data: o.Dir, Worker: t.lab.Worker},
			Jobs: t.Options.Jobs, Threads: t.Options.Threads, FailFast: t.Options.FailFast,
		}) {
			t.Progress.Hear(e, time.Now())
			if !yield(e) {
				break
			}
		}
		t.err = errors.Join(t.outcome(ctx), t.finish(t.Progress.over == len(t.Tasks)))
	}
}

// finish ends the sweep on record, if there is one.
func (t *Training) finish(done bool) error {
	if t.end == nil {
		return nil
	}
	return t.end(done)
}

// Err returns what went wrong, once there are no more events.
func (t *Training) Err() error { return t.err }

func (t *Training) outcome(ctx context.Context) error {
	all := t.faulty + len(t.Tasks)
	if ctx.Err() != nil {
		return ctx.Err()
	} else if bad := t.faulty + t.Progress.failed; bad > 0 {
		return fmt.Errorf("runs that failed: %d of %d", bad, all)
	} else if n := t.Progress.interrupted; n > 0 { // somebody stopped its process
		return fmt.Errorf("runs that were interrupted: %d of %d", n, all)
	}
	return nil
}
