package lab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"

	"runner/internal/view/record"
	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// paces returns the paces of jobs, nil where unknown. It measures new ones and keeps them beside the datasets.
func (l *Lab) paces(ctx context.Context, jobs []runner.Job) ([]*runner.Pace, error) {
	o, err := l.DataOptions()
	if err != nil { // then there is no dataset either
		return make([]*runner.Pace, len(jobs)), nil
	}
	measuring := l.Measuring
	if measuring == nil {
		measuring = func(int, int) {}
	}
	defer measuring(0, len(jobs))
	kept := runner.ReadPaces(filepath.Join(o.Dir, runner.PacesFile))
	return kept.Measure(ctx, jobs, func(i int) { measuring(i+1, len(jobs)) })
}

// DryRun returns what a sweep would train, and how long that would take. Nothing is fetched, and only measured paces
// are written.
func (l *Lab) DryRun(ctx context.Context, plans []*runner.Plan, o TrainOptions) (record.DryRun, error) {
	st, err := l.readStore(ctx)
	if err != nil {
		return record.DryRun{}, err
	}
	defer st.Close()
	ds := newDatasets(l.preparedOnly)
	defer ds.close()
	d := dryRun{TrainOptions: o, store: st, datasets: ds, same: make(map[string]string)}
	for _, plan := range plans {
		if err := d.add(ctx, plan); err != nil {
			return record.DryRun{}, err
		}
	}
	return d.forecast(ctx, l)
}

// dryRun is a DryRun in progress.
type dryRun struct {
	TrainOptions
	store    *store.Store // nil where there is none yet
	datasets *datasets
	rows     []record.PlannedRun
	tasks    []*sweep.Task     // to train; without a run where the dataset is missing
	of       []int             // the tasks' rows
	same     map[string]string // experiments by identity
}

// add adds what a sweep would do about a plan.
func (d *dryRun) add(ctx context.Context, plan *runner.Plan) error {
	e := plan.Experiment
	row := record.PlannedRun{
		Experiment: e.Name, Seed: e.Seed, Mode: string(e.Mode), Dataset: e.Dataset.Kind,
		State: "new", Train: true, EpochsLeft: e.Epochs,
		Parameters: plan.Network.Parameters(), MultiplyAdds: plan.Network.MultiplyAdds(),
	}
	task, err := planTask(ctx, plan, d.TrainOptions, d.datasets)
	missing := errors.Is(err, fs.ErrNotExist)
	if missing {
		task, err = &sweep.Task{Job: runner.Job{Plan: plan, InitFrom: d.InitFrom}}, nil
	}
	if err != nil {
		return err
	}
	row.Memory, err = task.Memory()
	if err == nil {
		err = runner.FitsMachine(row.Memory, runner.MachineMemory())
	}
	switch {
	case err != nil:
		row.State, row.Train = err.Error(), false
	case missing:
		row.State = fmt.Sprintf("new, after fetching %s", e.Dataset.Kind)
	case d.same[task.Run.Identity] != "":
		row.State, row.Train = "the same as "+d.same[task.Run.Identity], false
	default:
		d.same[task.Run.Identity] = e.Name
		if d.store != nil {
			if err := d.stand(ctx, task, &row); err != nil {
				return err
			}
		}
	}
	if err == nil && d.RetryFailed && row.Run == "" {
		row.State, row.Train = "not recorded as failed", false
	}
	if row.Train {
		d.tasks, d.of = append(d.tasks, task), append(d.of, len(d.rows))
	} else {
		row.EpochsLeft = 0
	}
	d.rows = append(d.rows, row)
	return nil
}

// stand fills in what the store knows of a task.
func (d *dryRun) stand(ctx context.Context, task *sweep.Task, row *record.PlannedRun) error {
	run, what, found, err := d.store.Look(ctx, task.Run.Identity)
	if err != nil || !found {
		return err
	}
	row.Run = run.ID
	failed := run.Status == store.Failed || run.Status == store.Diverged
	switch {
	case d.Again, d.RetryFailed && run.Status == store.Diverged:
		row.State = string(run.Status) + ", again"
	case what == store.Busy:
		row.State, row.Train = fmt.Sprintf("process %d on %s trains it", run.Process, run.Host), false
	case d.RetryFailed && !failed:
		row.State, row.Train = string(run.Status), false
	case what == store.Done:
		row.State, row.Train = string(run.Status), false
	default:
		row.State = fmt.Sprintf("%s, resumes after epoch %d", run.Status, run.Logged)
		row.EpochsLeft = run.Epochs - run.Logged
	}
	return nil
}

// forecast adds how long the tasks would take.
func (d *dryRun) forecast(ctx context.Context, l *Lab) (record.DryRun, error) {
	p := record.DryRun{Runs: d.rows}
	p.Jobs, p.Threads = sweep.Options{Place: sweep.Here{}, Jobs: d.Jobs, Threads: d.Threads}.Divide(d.tasks)
	// More jobs than processors or tasks get nothing more done.
	atATime := float64(max(1, min(p.Jobs, len(d.tasks), runtime.GOMAXPROCS(0)/p.Threads)))
	var jobs []runner.Job
	for _, t := range d.tasks {
		job := t.Job
		job.Threads = p.Threads
		jobs = append(jobs, job)
	}
	paces, err := l.paces(ctx, jobs)
	if err != nil {
		return p, err
	}
	total, longest, known := 0.0, 0.0, true
	for i, pace := range paces {
		if pace == nil {
			known = false
			continue
		}
		row := &d.rows[d.of[i]]
		row.Seconds = new(jobs[i].Estimate(*pace, row.EpochsLeft))
		total, longest = total+*row.Seconds/atATime, max(longest, *row.Seconds)
	}
	if total = max(total, longest); known {
		p.Seconds = &total
	}
	return p, nil
}
