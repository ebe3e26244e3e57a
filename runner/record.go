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
	"strings"

	"runner/arch"
	"runner/internal/spec"
	"runner/store"
)

// NewRun returns the record of a job that is about to start. A file of weights that does not fit the network is an
// error.
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
		Seed: e.Seed, Mode: string(e.Mode), Epochs: e.Epochs, Config: string(text), InitFrom: initFrom,
		Dataset: j.Dataset.Name, Fingerprint: j.Dataset.Fingerprint,
		Parameters: j.Plan.Network.Parameters(), MultiplyAdds: j.Plan.Network.MultiplyAdds(),
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

// Measured describes, for the record, the dataset that a job trains and measures on.
func (j Job) Measured() store.Dataset {
	d := j.Dataset
	return store.Dataset{
		Name: d.Name, Fingerprint: d.Fingerprint, Shape: d.Shape[:], Classes: d.Classes,
		Train: d.TrainExamples(), Validation: d.Validation().Len(), Test: d.Test().Len(),
	}
}

// Record trains a run of this process, begun or resumed, and returns its epochs. Each is committed to the store before
// it is returned. When the sequence ends the run is marked finished, diverged, interrupted or failed, and why; a run
// in full mode is first tested once, from its best checkpoint.
func Record(ctx context.Context, st *store.Store, run store.Run, j Job, progress *Progress) iter.Seq2[store.Epoch,
	error] {
	return func(yield func(store.Epoch, error) bool) {
		listening := true
		failure := func() error {
			recorder, origin, err := prepare(ctx, st, run, j)
			if err != nil {
				return err
			}
			for epoch, err := range trainFrom(ctx, j, origin, recorder, progress) {
				if err != nil {
					return err
				}
				if listening = yield(epoch.Epoch, nil); !listening {
					return context.Canceled
				}
			}
			if j.Plan.Experiment.Mode != spec.Full {
				return nil
			}
			runtime.GC() // of the trained model: that of the test takes its place
			run.Logged = run.Epochs
			if _, err := Tested(ctx, st, run, j, BestFile, "run"); err != nil {
				return fmt.Errorf("testing the best epoch: %w", err)
			}
			return nil
		}()
		status, reason, stack := outcome(failure)
		// The run is marked even when the context was cancelled.
		if err := st.End(context.WithoutCancel(ctx), run.ID, status, reason, stack); err != nil {
			failure = errors.Join(failure, err)
		}
		if failure != nil && listening {
			yield(store.Epoch{}, failure)
		}
	}
}

// prepare returns the recorder of a run, and what it starts from: where it is resumed, the state in its folder, or
// else its first values again, whose epochs must then come out as they are on record.
func prepare(ctx context.Context, st *store.Store, run store.Run, j Job) (*storeRecorder, origin, error) {
	r := &storeRecorder{Folder: Folder{st.Folder(run.ID), run.Identity}, store: st, run: run.ID}
	if run.Resumes == 0 {
		return r, j.origin(), nil
	}
	if err := Resumable(run, j); err != nil {
		return nil, nil, err
	}
	var err error
	if r.recorded, err = st.Epochs(ctx, run.ID); err != nil {
		return nil, nil, err
	}
	s, err := r.Folder.origin()
	if err != nil || s != nil {
		return r, s, err
	}
	if run.InitFrom != "" && j.InitFrom == "" {
		return nil, nil, errors.New("the run began from a file of weights and has no state to resume from: " +
			"repeat the command that began it, with its --init-from")
	}
	return r, j.origin(), nil
}

// Tested evaluates a checkpoint of a run, BestFile or LastFile, on the test split, for a command. The test use is
// counted first. The result of the best epoch is recorded if no other epoch can become the best, and if the dataset is
// the one that the run was trained on.
func Tested(ctx context.Context, st *store.Store, run store.Run, j Job, checkpoint, command string) (Evaluation,
	error) {
	if err := st.CountTestUse(ctx, run.ID, command, j.Dataset.Test().Len()); err != nil {
		return Evaluation{}, err
	}
	test, err := Test(ctx, j, filepath.Join(st.Folder(run.ID), checkpoint))
	final := run.Over() || run.Logged == run.Epochs
	if err == nil && checkpoint == BestFile && final && j.Dataset.Fingerprint == run.Fingerprint {
		err = st.RecordTest(ctx, run.ID, test.Epoch, test.Loss, test.Answers)
	}
	return test, err
}

// outcome returns the status of a run that ended with err, the reason, and the stack of a panic.
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

// Sentence is an error's message on one line: joined errors have a line each.
func Sentence(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
