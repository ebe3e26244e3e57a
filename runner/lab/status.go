package lab

import (
	"context"

	"runner/internal/view/record"
	"runner/store"
)

// Status reads what is in progress, up to the last committed epoch.
func (l *Lab) Status(ctx context.Context) (record.Status, error) {
	var s record.Status
	st, err := l.readStore(ctx)
	if st == nil {
		return s, err
	}
	defer st.Close()
	sweeps, err := st.Sweeps(ctx)
	if err != nil {
		return s, err
	}
	for _, w := range sweeps {
		s.Sweeps = append(s.Sweeps, sweepStatus(w))
	}
	runs, err := st.Runs(ctx, store.Filter{})
	if err != nil {
		return s, err
	}
	for _, r := range runs {
		switch r.Status {
		case store.Interrupted:
			s.Interrupted++
		case store.Running:
			running, err := runStatus(ctx, st, r)
			if err != nil {
				return s, err
			}
			s.Running = append(s.Running, running)
		}
	}
	return s, nil
}

// runStatus returns how far a run is.
func runStatus(ctx context.Context, st *store.Store, r store.Run) (record.RunStatus, error) {
	status := record.RunStatus{
		Run: r.ID, Experiment: r.Experiment, Seed: r.Seed, Mode: r.Mode, Epochs: r.Epochs, EpochsDone: r.Logged,
		BestValAccuracy: r.BestValAccuracy, Host: r.Host, Process: r.Process,
	}
	epochs, err := st.Epochs(ctx, r.ID)
	if err != nil {
		return status, err
	}
	var seconds float64
	for _, e := range epochs {
		seconds += e.Seconds + e.EvalSeconds
	}
	if n := len(epochs); n > 0 {
		last := epochs[n-1]
		left := seconds / float64(n) * float64(r.Epochs-n)
		status.EpochsDone, status.SecondsLeft = n, &left
		status.TrainLoss, status.ValAccuracy = &last.TrainLoss, &last.ValAccuracy
	}
	return status, nil
}

// sweepStatus returns how far a sweep is. The time left is estimated from the pace so far and the number of runs in
// training now.
func sweepStatus(w store.Sweep) record.SweepStatus {
	s := record.SweepStatus{Started: w.Started, Host: w.Host, Process: w.Process, Alive: w.Alive, Runs: len(w.Runs)}
	var work, done, trained, seconds float64
	for _, r := range w.Runs {
		work += r.Work
		if r.Run == nil {
			continue
		}
		part := r.Work * float64(r.Run.Logged) / float64(max(1, r.Run.Epochs))
		trained, seconds = trained+part, seconds+r.Run.Seconds
		switch r.Run.Status {
		case store.Running:
			s.Running++
		case store.Finished:
			s.Over++
			part = r.Work
		case store.Failed, store.Diverged:
			// A run that failed before the sweep began is resumed.
			if r.Run.Status == store.Diverged || r.Run.Finished.After(w.Started) {
				s.Over++
				s.Failed++
				part = r.Work
			}
		}
		done += part
	}
	if work > 0 {
		s.Share = done / work
	}
	if trained > 0 && s.Running > 0 {
		left := (work - done) * seconds / trained / float64(s.Running)
		s.SecondsLeft = &left
	}
	return s
}
