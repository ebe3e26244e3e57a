package lab

import (
	"context"
	"fmt"
	"iter"
	"os"

	"runner/internal/data"
	"runner/internal/view/record"
	"runner/runner"
	"runner/store"
)

// ReplayOptions say how a run is trained again.
type ReplayOptions struct {
	Epochs   *int   // only the first; nil: all on record
	InitFrom string // the file of weights that the run started from, if it did
	Threads  int
}

// Replay is a recorded run that is to be trained again.
type Replay struct {
	Run     store.Run
	Epochs  int // that are trained, of those on record
	Outcome record.Replayed

	job      runner.Job
	recorded []store.Epoch
}

// NewReplay makes ready to train a run again from its record, and refuses what cannot come out the same: other data, or
// other weights to start from.
func (l *Lab) NewReplay(ctx context.Context, st *store.Store, run store.Run, o ReplayOptions) (*Replay, error) {
	replayable := runner.Replayable(run)
	if replayable == 0 {
		return nil, Usagef("run %s (%s) has no epoch on record: there is nothing to replay", run.ID, run.Status)
	}
	r := &Replay{Run: run, Epochs: replayable}
	if n := o.Epochs; n != nil && (*n < 1 || *n > replayable) {
		return nil, Usagef("--epochs: expected 1 to %d, the epochs on record, received %d", replayable, *n)
	} else if n != nil {
		r.Epochs = *n
	}
	job, now, err := l.replayJob(ctx, st, run, o)
	if err != nil {
		return nil, err
	}
	r.job = job
	if r.recorded, err = st.Epochs(ctx, run.ID); err != nil {
		r.Close()
		return nil, err
	}
	if n := len(r.recorded); n != run.Logged || n > 0 && r.recorded[n-1].Epoch != n {
		r.Close()
		return nil, fmt.Errorf("the record of run %s is not whole, see 'runner store check'", run.ID)
	}
	r.Outcome = record.Replayed{
		Run: run.ID, Experiment: run.Experiment, Recorded: replayable,
		Environment: runner.EnvironmentDifferences(job.Plan, run, now),
	}
	return r, nil
}

// Close closes what the replay opened.
func (r *Replay) Close() { r.job.Dataset.Close() }

// Train trains the epochs again and returns each beside its record. Outcome has all that were returned.
func (r *Replay) Train(ctx context.Context, progress *runner.Progress) iter.Seq2[store.ReplayedEpoch, error] {
	return func(yield func(store.ReplayedEpoch, error) bool) {
		for e, err := range runner.Replay(ctx, r.Run, r.recorded, r.job, progress) {
			if err != nil && ctx.Err() != nil {
				err = ctx.Err()
			} else if err != nil {
				err = fmt.Errorf("replaying run %s: %w", r.Run.ID, err)
			}
			if err != nil {
				yield(store.ReplayedEpoch{}, err)
				return
			}
			r.Outcome.Epochs = append(r.Outcome.Epochs, e)
			if !yield(e, nil) || len(r.Outcome.Epochs) == r.Epochs {
				return
			}
		}
	}
}

// replayJob makes the job of a recorded run and the record that it would have now,
// and refuses what cannot come out the same: other data, or other weights to start
// from.
func (l *Lab) replayJob(ctx context.Context, st *store.Store, run store.Run, o ReplayOptions) (runner.Job, store.Run, error) {
	switch {
	case run.InitFrom == "" && o.InitFrom != "":
		return runner.Job{}, store.Run{}, Usagef("--init-from: run %s started from weights drawn from its seed: leave it out", run.ID)
	case run.InitFrom != "" && o.InitFrom == "":
		return runner.Job{}, store.Run{}, Usagef("run %s started from a file of weights, of which only the hash is on record: "+
			"name the file, of SHA-256 %s, with --init-from", run.ID, run.InitFrom)
	case o.InitFrom != "":
		if _, err := os.Stat(o.InitFrom); err != nil {
			return runner.Job{}, store.Run{}, Usagef("--init-from: %v", err)
		}
	}
	job, err := l.jobOf(ctx, st, run, func(ctx context.Context, named data.Named) (*data.Dataset, error) {
		ds, err := l.OpenData(ctx, named)
		if err == nil && ds.Fingerprint != run.Fingerprint {
			ds.Close()
			err = fmt.Errorf("run %s was trained on other bytes of %s than those in the data folder, and cannot come out the same: "+
				"fingerprint %s, recorded %s: name the folder of the recorded ones with --data", run.ID, named.Name, ds.Fingerprint, run.Fingerprint)
		}
		return ds, err
	})
	if err != nil {
		return runner.Job{}, store.Run{}, err
	}
	job.Threads, job.InitFrom = o.Threads, o.InitFrom
	now, err := checkReplay(ctx, job, run)
	if err != nil {
		job.Dataset.Close()
	}
	return job, now, err
}

// checkReplay returns the record that a job would have now, once what there is to
// train it with is what is on record, whole, and fits into memory.
func checkReplay(ctx context.Context, job runner.Job, run store.Run) (store.Run, error) {
	now, err := runner.NewRun(job, runner.ThisEnvironment())
	if err != nil {
		return store.Run{}, err
	}
	if now.InitFrom != run.InitFrom {
		return store.Run{}, Usagef("--init-from: run %s started from the file of SHA-256 %s, received one of %s", run.ID, run.InitFrom, now.InitFrom)
	}
	need, err := runner.Memory(job)
	if err == nil {
		err = runner.FitsMachine(need, runner.MachineMemory())
	}
	if err != nil {
		return store.Run{}, fmt.Errorf("run %s: %w", run.ID, err)
	}
	return now, job.Dataset.Verify(ctx)
}
