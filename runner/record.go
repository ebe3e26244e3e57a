package runner

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"runner/arch"
	"runner/internal/spec"
	"runner/store"
)

// NewRun returns the record of a job that is about to start.
func NewRun(j Job, env store.Environment) (store.Run, error) {
	e := j.Plan.Experiment
	var initFrom string
	if j.InitFrom != "" {
		// What is no checkpoint of this network is refused before it is read as a
		// whole.
		if err := fits(j.InitFrom, j.Plan.Network); err != nil {
			return store.Run{}, err
		}
		weights, err := os.ReadFile(j.InitFrom)
		if err != nil {
			return store.Run{}, fmt.Errorf("reading the weights to start from: %w", err)
		}
		initFrom = fmt.Sprintf("%x", sha256.Sum256(weights))
	}
	identity, group, err := j.Plan.Identity(j.Dataset.Fingerprint, initFrom)
	if err != nil {
		return store.Run{}, err
	}
	text, err := e.Text()
	if err != nil {
		return store.Run{}, err
	}
	return store.Run{
		Settings:   store.SettingsOf(e.Settings()),
		Experiment: e.Name, Description: e.Description, Identity: identity, Group: group,
		Seed: e.Seed, Mode: string(e.Mode), Dataset: j.Dataset.Name, Fingerprint: j.Dataset.Fingerprint, Config: string(text), InitFrom: initFrom,
		Parameters: j.Plan.Network.Parameters(), MultiplyAdds: j.Plan.Network.MultiplyAdds(), Epochs: e.Epochs,
		Environment: env, Threads: j.Threads,
	}, nil
}

// ReadSettings reads the settings out of a run's resolved experiment.
func ReadSettings(config string) (store.Settings, error) {
	e, faults := spec.Parse("the resolved experiment", []byte(config))
	if len(faults) > 0 {
		return "", faults
	}
	return store.SettingsOf(e.Settings()), nil
}

// Measured is what is put on record of the dataset that a job trains and measures on.
func (j Job) Measured() store.Dataset {
	d := j.Dataset
	return store.Dataset{
		Name: d.Name, Fingerprint: d.Fingerprint, Shape: d.Shape[:], Classes: d.Classes,
		Train: d.TrainExamples(), Validation: d.Validation().Len(), Test: d.Test().Len(),
	}
}

// Record trains a run of this process, begun or resumed, and returns its epochs.
// Pulling an epoch trains it and commits it before it is returned. An epoch that
// is on record already, which happens after a resume, must come out as it did
// before. When the sequence ends the run is marked finished, diverged,
// interrupted or failed, and why; a run in full mode is first tested once, from
// its best checkpoint.
func Record(ctx context.Context, st *store.Store, run store.Run, j Job, progress *Progress) iter.Seq2[store.Epoch, error] {
	j.Folder, j.Identity, j.Weights = st.Folder(run.ID), run.Identity, run.InitFrom
	j.Resume = run.Resumes > 0
	return func(yield func(store.Epoch, error) bool) {
		// The run is marked even when the context was cancelled.
		background := context.WithoutCancel(ctx)
		listening := true
		var failure error
		var recorded []store.Epoch
		if j.Resume {
			failure = Resumable(run, j)
		}
		if failure == nil {
			recorded, failure = st.Epochs(background, run.ID)
		}
		if failure == nil {
			for epoch, err := range Train(ctx, j, progress) {
				var row store.Epoch
				if err == nil {
					row, err = commit(background, st, run, recorded, epoch)
				}
				if err != nil {
					failure = err
					break
				}
				if listening = yield(row, nil); !listening {
					failure = context.Canceled
					break
				}
			}
		}
		if failure == nil && j.Plan.Experiment.Mode == spec.Full {
			runtime.GC() // of the trained model: that of the test takes its place
			run.Logged = run.Epochs
			if _, err := Tested(ctx, st, run, j, BestFile, "run"); err != nil {
				failure = fmt.Errorf("testing the best epoch: %w", err)
			}
		}
		status, reason, stack := outcome(failure)
		if err := st.End(background, run.ID, status, reason, stack); err != nil {
			failure = errors.Join(failure, err)
		}
		if failure != nil && listening {
			yield(store.Epoch{}, failure)
		}
	}
}

// commit puts an epoch on record, or holds it against the record that there is,
// which it then returns.
func commit(ctx context.Context, st *store.Store, run store.Run, recorded []store.Epoch, epoch Epoch) (store.Epoch, error) {
	i := slices.IndexFunc(recorded, func(e store.Epoch) bool { return e.Epoch == epoch.Epoch.Epoch })
	if i < 0 {
		return epoch.Epoch, st.Log(ctx, run.ID, epoch.Epoch, epoch.Answers)
	}
	before := recorded[i]
	if len(differences(before, epoch.Epoch)) > 0 {
		return epoch.Epoch, &ChangedError{run.ID, before, epoch.Epoch}
	}
	return before, nil
}

// Tested evaluates a checkpoint of a run, BestFile or LastFile, on the test split, for a command. That
// it looks there is put on record before, and what the best epoch of a run comes to afterwards, if
// no other can become the best, and if the data are those that it was trained on.
func Tested(ctx context.Context, st *store.Store, run store.Run, j Job, checkpoint, command string) (Evaluation, error) {
	if err := st.CountTestUse(ctx, run.ID, command, j.Dataset.Test().Len()); err != nil {
		return Evaluation{}, err
	}
	test, err := Test(ctx, j, filepath.Join(st.Folder(run.ID), checkpoint))
	if err == nil && checkpoint == BestFile && (run.Over() || run.Logged == run.Epochs) && j.Dataset.Fingerprint == run.Fingerprint {
		err = st.RecordTest(ctx, run.ID, test.Epoch, test.Loss, test.Answers)
	}
	return test, err
}

// outcome returns the status of a run that ended with err, why, and the stack of
// a panic.
func outcome(err error) (status store.Status, reason, stack string) {
	var diverged *DivergedError
	var crash *arch.PanicError
	switch {
	case err == nil:
		return store.Finished, "", ""
	case errors.As(err, &diverged):
		return store.Diverged, Sentence(err), ""
	case errors.Is(err, context.Canceled):
		return store.Interrupted, "told to stop", ""
	case errors.As(err, &crash):
		return store.Failed, Sentence(err), crash.Stack
	}
	return store.Failed, Sentence(err), ""
}

// Sentence is what an error says, on one line: errors that came together, as when
// the disk is broken on which the first one was to be recorded, would have one each.
func Sentence(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
