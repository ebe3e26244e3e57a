package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"time"

	"runner/internal/data"
	"runner/internal/report"
	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// preparedOnly opens datasets that are prepared already, and fetches none.
func (a *app) preparedOnly(_ context.Context, name string) (*data.Dataset, error) {
	o, err := a.dataOptions()
	if err != nil {
		return nil, err
	}
	return data.OpenPrepared(name, o.Dir)
}

// dryRun tells what a sweep would train, and how long that would take. Nothing is
// written or fetched.
func (a *app) dryRun(ctx context.Context, plans []*runner.Plan, f sweepFlags, format report.Format) error {
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
	var rows []report.PlannedRun
	of := make(map[*sweep.Task]int) // its row
	same := make(map[string]string) // experiments by identity
	for _, plan := range plans {
		e := plan.Experiment
		row := report.PlannedRun{
			Experiment: e.Name, Seed: e.Seed, Mode: string(e.Mode), Dataset: e.Dataset,
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
			row.State = fmt.Sprintf("new, %s is fetched first", e.Dataset)
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
	o := sweep.Options{Jobs: f.jobs, Threads: f.threads}
	o.Divide(tasks)
	p := report.DryRun{Runs: rows, Jobs: o.Jobs, Threads: o.Threads}
	// Jobs beyond the processors, or the tasks, get nothing more done.
	atATime := float64(max(1, min(o.Jobs, len(tasks), runtime.GOMAXPROCS(0)/o.Threads)))
	total, longest, known := 0.0, 0.0, true
	for task, seconds := range estimates(ctx, tasks, rows, of, o.Threads) {
		row := &rows[of[task]]
		if row.Seconds = seconds; seconds == nil {
			known = false
			continue
		}
		total, longest = total+*seconds/atATime, max(longest, *seconds)
	}
	if total = max(total, longest); known {
		p.Seconds = &total
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return report.WriteDryRun(a.out, p, format, style(a.out))
}

// stand fills in what the store says of a task.
func stand(ctx context.Context, st *store.Store, task *sweep.Task, f sweepFlags, row *report.PlannedRun) error {
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

// measuring is how long the paces of networks are measured. What is left then is
// estimated from the multiply-adds.
const measuring = 10 * time.Second

// estimates returns how many seconds each task takes, nil where that cannot be told.
func estimates(ctx context.Context, tasks []*sweep.Task, rows []report.PlannedRun, of map[*sweep.Task]int, threads int) map[*sweep.Task]*float64 {
	type network struct {
		multiplyAdds, parameters int64
		batchSize                int
		optimizer                string
	}
	paces := make(map[network]runner.Pace)
	start := time.Now()
	seconds := make(map[*sweep.Task]*float64)
	for _, t := range tasks {
		seconds[t] = nil
		if t.Job.Dataset == nil || ctx.Err() != nil {
			continue
		}
		e, n := t.Job.Plan.Experiment, t.Job.Plan.Network
		key := network{n.MultiplyAdds(), n.Parameters(), e.BatchSize, e.Optimizer.Kind}
		pace, measured := paces[key]
		if !measured {
			if time.Since(start) > measuring {
				continue
			}
			var err error
			if pace, err = runner.MeasurePace(ctx, t.Job.Plan, threads); err != nil {
				continue // it would fail in training too, and say why
			}
			paces[key] = pace
		}
		s := t.Job.Estimate(pace, rows[of[t]].EpochsLeft).Seconds()
		seconds[t] = &s
	}
	// Of those that were not measured: as long for their work as the others.
	var work, took float64
	for t, s := range seconds {
		if s != nil {
			work, took = work+remaining(t, rows[of[t]]), took+*s
		}
	}
	for t, s := range seconds {
		if s == nil && t.Job.Dataset != nil && work > 0 {
			s := took / work * remaining(t, rows[of[t]])
			seconds[t] = &s
		}
	}
	return seconds
}

// remaining is the work that is left of a task.
func remaining(t *sweep.Task, row report.PlannedRun) float64 {
	return t.Work() * float64(row.EpochsLeft) / float64(t.Job.Plan.Experiment.Epochs)
}
