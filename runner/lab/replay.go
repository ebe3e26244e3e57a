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
	InitFrom string // the file of weights that the run started from; "" if it had none
	Threads  int
}

// Replay is a recorded run to be trained again.
type Replay struct {
	Run     store.Run
	Epochs  int // that are trained, of those on record
	Outcome record.Replayed

	job      runner.Job
	recorded []store.Epoch
}

// NewReplay prepares to train a run again from its record. It refuses other data and other weights to start from, with
// which the run cannot come out the same.
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
	if err := checkInitFrom(run, o.InitFrom); err != nil {
		return nil, err
	}
	job, err := l.jobOf(ctx, st, run, func(ctx context.Context, named data.Named) (*data.Dataset, error) {
		ds, err := l.OpenData(ctx, named)
		if err == nil && ds.Fingerprint != run.Fingerprint {
			ds.Close()
			err = fmt.Errorf("run %s was trained on other bytes of %s than those in the data folder, "+
				"and cannot come out the same: fingerprint %s, recorded %s: "+
				"name the folder of the recorded ones with --data", run.ID, named.Name, ds.Fingerprint, run.Fingerprint)
		}
		return ds, err
	})
	if err != nil {
		return nil, err
	}
	r.job = job
	r.job.Threads, r.job.InitFrom = o.Threads, o.InitFrom
	if err := r.compareRecord(ctx, st); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// checkInitFrom refuses a file of weights for a run that started without one, and the other way round.
func checkInitFrom(run store.Run, file string) error {
	switch {
	case run.InitFrom == "" && file != "":
		return Usagef("--init-from: run %s started from weights drawn from its seed: leave it out", run.ID)
	case run.InitFrom != "" && file == "":
		return Usagef("run %s started from a file of weights, of which only the hash is on record: "+
			"name the file, of SHA-256 %s, with --init-from", run.ID, run.InitFrom)
	case file != "":
		if _, err := os.Stat(file); err != nil {
			return Usagef("--init-from: %v", err)
		}
	}
	return nil
}

// compareRecord checks the weights to start from, the data, the memory and the record, and notes how the environment
// differs.
func (r *Replay) compareRecord(ctx context.Context, st *store.Store) error {
	now, err := runner.NewRun(r.job, runner.ThisEnvironment())
	if err != nil {
		return err
	}
	run := r.Run
	if now.InitFrom != run.InitFrom {
		return Usagef("--init-from: run %s started from the file of SHA-256 %s, received one of %s",
			run.ID, run.InitFrom, now.InitFrom)
	}
	need, err := runner.Memory(r.job)
	if err == nil {
		err = runner.FitsMachine(need, runner.MachineMemory())
	}
	if err != nil {
		return fmt.Errorf("run %s: %w", run.ID, err)
	}
	if err := r.job.Dataset.Verify(ctx); err != nil {
		return err
	}
	if r.recorded, err = st.Epochs(ctx, run.ID); err != nil {
		return err
	}
	if n := len(r.recorded); n != run.Logged || n > 0 && r.recorded[n-1].Epoch != n {
		return fmt.Errorf("the record of run %s is not whole, see 'runner store check'", run.ID)
	}
	r.Outcome = record.Replayed{
		Run: run.ID, Experiment: run.Experiment, Recorded: runner.Replayable(run),
		Environment: runner.EnvironmentDifferences(r.job.Plan, run, now),
	}
	return nil
}

// Close closes what the replay opened.
func (r *Replay) Close() { r.job.Dataset.Close() }

// Train trains the epochs again and returns each beside its record. Outcome collects them.
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
