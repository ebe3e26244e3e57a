package sweep

import (
	"context"
	"errors"
	"fmt"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner"
	"runner/store"
)

// Assignment is a task as its worker receives it.
type Assignment struct {
	// Paths are bytes, because JSON holds UTF-8 alone.
	Store, Data []byte // folders, as the place names them
	InitFrom    []byte // a safetensors file
	Config      string // the resolved experiment, as YAML
	Identity    string // of the run; what the worker computes from all this has to agree
	Threads     int
	Again       bool
	Resume      string // the ID of the run to resume; "": claim one
}

// assignment is the task as an assignment, which its place completes with the folders.
func (t *Task) assignment(threads int) (Assignment, error) {
	config, err := t.Job.Plan.Experiment.Text()
	return Assignment{
		InitFrom: []byte(t.Job.InitFrom), Config: string(config), Identity: t.Run.Identity,
		Threads: threads, Again: t.Again, Resume: t.Run.ID,
	}, err
}

// job makes the assignment's job, whose dataset the caller closes. The sweep has verified the data.
func (a *Assignment) job() (runner.Job, error) {
	e, faults := spec.Parse("assignment", []byte(a.Config))
	if len(faults) > 0 {
		return runner.Job{}, faults
	}
	plan, faults := runner.NewPlan(e, data.Kinds())
	if len(faults) > 0 {
		return runner.Job{}, faults
	}
	ds, err := plan.Dataset.OpenPrepared(string(a.Data))
	return runner.Job{Plan: plan, Dataset: ds, Threads: a.Threads, InitFrom: string(a.InitFrom)}, err
}

// take begins or resumes the assignment's run in this process, or says why not. A run that cannot be resumed here is
// left as it is.
func (a *Assignment) take(ctx context.Context, st *store.Store, j runner.Job) (store.Run, store.Claimed, error) {
	if a.Resume != "" {
		run, err := a.resume(ctx, st, j)
		if busy, ok := errors.AsType[*store.BusyError](err); ok {
			return busy.Run, store.Busy, nil
		}
		return run, store.Resumed, err
	}
	run, err := a.newRun(j)
	if err != nil {
		return store.Run{}, 0, err
	}
	if a.Again {
		run, err = st.Begin(ctx, run, j.Measured())
		return run, store.Begun, err
	}
	found, what, _, err := st.Look(ctx, run.Identity)
	if err == nil && what == store.Resumed {
		err = runner.Resumable(found, j)
	}
	if err != nil {
		return store.Run{}, 0, err
	}
	return st.Claim(ctx, run, j.Measured())
}

// resume resumes the recorded run that the assignment names.
func (a *Assignment) resume(ctx context.Context, st *store.Store, j runner.Job) (store.Run, error) {
	run, err := st.Find(ctx, a.Resume)
	if err == nil {
		err = runner.Resumable(run, j)
	}
	if err != nil {
		return store.Run{}, err
	}
	return st.Resume(ctx, a.Resume)
}

// newRun returns the record of a run that the assignment may begin.
func (a *Assignment) newRun(j runner.Job) (store.Run, error) {
	run, err := runner.NewRun(j, runner.ThisEnvironment())
	if err != nil {
		return store.Run{}, err
	}
	if run.Identity != a.Identity {
		return store.Run{}, fmt.Errorf(
			"%s, the weights to start from or the program changed since this was begun: begin it again", j.Dataset.Name)
	}
	memory, err := runner.UsualMemory(j)
	run.Memory = int64(memory)
	return run, err
}
