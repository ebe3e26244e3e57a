package lab

import (
	"context"
	"fmt"

	"runner/internal/view/record"
	"runner/runner"
)

// forecast adds what a run of each network takes on this machine: memory and, if its dataset is prepared, time. plans
// has one for each of the checked ones, or nil.
func (l *Lab) forecast(ctx context.Context, checked []record.Checked, plans []*runner.Plan, threads int) error {
	ds := newDatasets(l.preparedOnly)
	defer ds.close()
	jobs := make([]runner.Job, len(plans))
	for i, plan := range plans {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if plan == nil {
			continue
		}
		jobs[i] = runner.Job{Plan: plan, Threads: threads}
		bytes, err := runner.Memory(jobs[i])
		if err != nil {
			return fmt.Errorf("%s: %w", checked[i].File, err)
		}
		checked[i].Forecast = record.Forecast{Threads: &threads, MemoryBytes: new(int64(bytes))}
		if runner.FitsMachine(bytes, runner.MachineMemory()) != nil {
			continue
		}
		// Whoever trains on it will be told why it cannot be opened.
		if d, err := ds.open(ctx, plan.Dataset); err == nil {
			jobs[i].Dataset = d
		}
	}
	paces, err := l.paces(ctx, jobs)
	if err != nil {
		return err
	}
	for i, pace := range paces {
		if pace != nil {
			train, evaluate := jobs[i].EpochSeconds(*pace)
			checked[i].SecondsPerEpoch, checked[i].EvalSecondsPerEpoch = &train, &evaluate
		}
	}
	return nil
}
