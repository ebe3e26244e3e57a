package sweep

import (
	"fmt"

	"runner/internal/data"
	"runner/internal/spec"
	"runner/runner"
	"runner/store"
)

// Task is one run to train.
type Task struct {
	Job   runner.Job // but for its threads, which are the sweep's
	Run   store.Run  // what runner.NewRun says of the job, or the recorded run to go on with
	Again bool       // train it even if it is done

	estimate *estimate // of its memory, nil until it is asked for
}

// estimate is how many bytes of memory a task takes, or why that cannot be told.
type estimate struct {
	bytes float64
	err   error
}

// Memory estimates the bytes of memory that a task takes, once: that lays out its
// graphs.
func (t *Task) Memory() (float64, error) {
	if t.estimate == nil {
		bytes, err := runner.Memory(t.Job)
		t.estimate = &estimate{bytes, err}
	}
	return t.estimate.bytes, t.estimate.err
}

// recorded tells whether the task is to go on with a certain run.
func (t *Task) recorded() bool { return t.Run.ID != "" }

// Order is a task as a worker is told it.
type Order struct {
	// Paths are bytes: they need not be UTF-8, which JSON is.
	Store, Data []byte // folders, as they are called where the worker runs
	InitFrom    []byte // a safetensors file
	Config      string // the resolved experiment, as YAML
	Identity    string // of the run, which has to come out of all this
	Threads     int
	Again       bool
	Resume      string // the ID of the run to resume; "": claim one
}

// order is the task for a worker of so many threads, but for the folders.
func (t *Task) order(threads int) (Order, error) {
	config, err := t.Job.Plan.Experiment.Text()
	return Order{
		InitFrom: []byte(t.Job.InitFrom), Config: string(config), Identity: t.Run.Identity,
		Threads: threads, Again: t.Again, Resume: t.Run.ID,
	}, err
}

// job makes the order's job, with its dataset opened, and the record of its run.
// The data were verified by who gave the order.
func (o *Order) job() (runner.Job, store.Run, error) {
	e, faults := spec.Parse("order", []byte(o.Config))
	if len(faults) > 0 {
		return runner.Job{}, store.Run{}, faults
	}
	plan, faults := runner.NewPlan(e, data.Kinds())
	if len(faults) > 0 {
		return runner.Job{}, store.Run{}, faults
	}
	ds, err := plan.Dataset.OpenPrepared(string(o.Data))
	if err != nil {
		return runner.Job{}, store.Run{}, err
	}
	job := runner.Job{Plan: plan, Dataset: ds, Threads: o.Threads, InitFrom: string(o.InitFrom)}
	if o.Resume != "" {
		return job, store.Run{}, nil // checked against its record
	}
	run, err := runner.NewRun(job, runner.ThisEnvironment())
	if err == nil && run.Identity != o.Identity {
		err = fmt.Errorf("%s, the weights to start from or the program changed since this was begun: begin it again", ds.Name)
	}
	if err == nil {
		var memory float64
		memory, err = runner.UsualMemory(job)
		run.Memory = int64(memory)
	}
	if err != nil {
		ds.Close()
	}
	return job, run, err
}

// Work says how much there is to do for a task beside others: its multiply-adds,
// and one more an example for a network without any.
func (t *Task) Work() float64 {
	e := t.Job.Plan.Experiment
	return float64(e.Epochs) * float64(t.Job.TrainSplit().Len()) * float64(1+t.Job.Plan.Network.MultiplyAdds())
}
