package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"

	"runner/internal/data"
	"runner/internal/view/record"
	"runner/internal/view/term"
	"runner/internal/view/words"
	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// preparedOnly opens datasets that are prepared already, and fetches none.
func (a *app) preparedOnly(_ context.Context, named data.Named) (*data.Dataset, error) {
	o, err := a.dataOptions()
	if err != nil {
		return nil, err
	}
	return named.OpenPrepared(o.Dir)
}

// paces returns the paces of jobs, nil where unknown. Those that it measures are
// kept beside the datasets.
func (a *app) paces(ctx context.Context, jobs []runner.Job) ([]*runner.Pace, error) {
	o, err := a.dataOptions()
	if err != nil { // nor is there a dataset then
		return make([]*runner.Pace, len(jobs)), nil
	}
	terminal := movable(a.err)
	paces, err := runner.ReadPaces(filepath.Join(o.Dir, runner.PacesFile)).Of(ctx, jobs, func(i int) {
		if terminal { // each over the one before
			fmt.Fprintf(a.err, "\r\x1b[Kmeasuring how fast networks train here: %d of %d", i+1, len(jobs))
		}
	})
	if terminal {
		fmt.Fprint(a.err, "\r\x1b[K")
	}
	return paces, err
}

// dryRun tells what a sweep would train, and how long that would take. Nothing is
// fetched, and nothing written but the paces that were measured.
func (a *app) dryRun(ctx context.Context, plans []*runner.Plan, f sweepFlags, format words.Format) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	if st != nil {
		defer st.Close()
	}
	ds := newDatasets(a.preparedOnly)
	defer ds.close()

	machine := runner.MachineMemory()
	var tasks []*sweep.Task // to train; one without a dataset has no recorded run
	var rows []record.PlannedRun
	of := make(map[*sweep.Task]int) // its row
	same := make(map[string]string) // experiments by identity
	for _, plan := range plans {
		e := plan.Experiment
		row := record.PlannedRun{
			Experiment: e.Name, Seed: e.Seed, Mode: string(e.Mode), Dataset: e.Dataset.Kind,
			State: "new", Train: true, EpochsLeft: e.Epochs,
			Parameters: plan.Network.Parameters(), MultiplyAdds: plan.Network.MultiplyAdds(),
		}
		task, err := a.planTask(ctx, plan, f.planFlags, ds)
		missing := errors.Is(err, fs.ErrNotExist)
		if missing {
			task, err = &sweep.Task{Job: runner.Job{Plan: plan, InitFrom: f.initFrom}}, nil
		}
		if err != nil {
			return err
		}
		row.Memory, err = task.Memory()
		if err == nil {
			err = runner.FitsMachine(row.Memory, machine)
		}
		switch {
		case err != nil:
			row.State, row.Train = err.Error(), false
		case missing:
			row.State = fmt.Sprintf("new, %s is fetched first", e.Dataset.Kind)
		case same[task.Run.Identity] != "":
			row.State, row.Train = "the same as "+same[task.Run.Identity], false
		default:
			same[task.Run.Identity] = e.Name
			if st != nil {
				if err := stand(ctx, st, task, f, &row); err != nil {
					return err
				}
			}
		}
		if err == nil && f.retryFailed && row.Run == "" {
			row.State, row.Train = "not recorded as failed", false
		}
		if row.Train {
			of[task] = len(rows)
			tasks = append(tasks, task)
		} else {
			row.EpochsLeft = 0
		}
		rows = append(rows, row)
	}
	o := sweep.Options{Place: sweep.Here{}, Jobs: f.jobs, Threads: f.threads}
	o.Divide(tasks)
	p := record.DryRun{Runs: rows, Jobs: o.Jobs, Threads: o.Threads}
	// Jobs beyond the processors, or the tasks, get nothing more done.
	atATime := float64(max(1, min(o.Jobs, len(tasks), runtime.GOMAXPROCS(0)/o.Threads)))
	var jobs []runner.Job
	for _, t := range tasks {
		job := t.Job
		job.Threads = o.Threads
		jobs = append(jobs, job)
	}
	paces, err := a.paces(ctx, jobs)
	if err != nil {
		return err
	}
	total, longest, known := 0.0, 0.0, true
	for i, pace := range paces {
		if pace == nil {
			known = false
			continue
		}
		row := &rows[of[tasks[i]]]
		row.Seconds = new(jobs[i].Estimate(*pace, row.EpochsLeft))
		total, longest = total+*row.Seconds/atATime, max(longest, *row.Seconds)
	}
	if total = max(total, longest); known {
		p.Seconds = &total
	}
	return term.WriteDryRun(a.out, p, format, style(a.out))
}

// stand fills in what the store says of a task.
func stand(ctx context.Context, st *store.Store, task *sweep.Task, f sweepFlags, row *record.PlannedRun) error {
	run, what, found, err := st.Look(ctx, task.Run.Identity)
	if err != nil || !found {
		return err
	}
	row.Run = run.ID
	failed := run.Status == store.Failed || run.Status == store.Diverged
	switch {
	case f.again, f.retryFailed && run.Status == store.Diverged:
		row.State = string(run.Status) + ", again"
	case what == store.Busy:
		row.State, row.Train = fmt.Sprintf("process %d on %s trains it", run.Process, run.Host), false
	case f.retryFailed && !failed:
		row.State, row.Train = string(run.Status), false
	case what == store.Done:
		row.State, row.Train = string(run.Status), false
	default:
		row.State = fmt.Sprintf("%s, goes on after epoch %d", run.Status, run.Logged)
		row.EpochsLeft = run.Epochs - run.Logged
	}
	return nil
}
