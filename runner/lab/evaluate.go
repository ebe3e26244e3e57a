package lab

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"runner/internal/data"
	"runner/internal/rng"
	"runner/internal/view/record"
	"runner/runner"
	"runner/store"
)

// checkpointFile returns the name and the path of a run's checkpoint: best or last.
func checkpointFile(st *store.Store, run store.Run, checkpoint string) (name, path string, err error) {
	switch checkpoint {
	case "best":
		name = runner.BestFile
	case "last":
		name = runner.LastFile
	default:
		return "", "", Usagef("--checkpoint: expected best or last, received %q", checkpoint)
	}
	path = filepath.Join(st.Folder(run.ID), name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", "", fmt.Errorf("run %s (%s) has no %s checkpoint: %s is not there",
			run.ID, run.Status, checkpoint, path)
	}
	return name, path, nil
}

// Test evaluates a checkpoint of a run, best or last, on the test split. It counts as a test use.
func (l *Lab) Test(
	ctx context.Context, st *store.Store, run store.Run, checkpoint string, threads int,
) (record.Tested, error) {
	name, _, err := checkpointFile(st, run, checkpoint)
	if err != nil {
		return record.Tested{}, err
	}
	job, err := l.jobOf(ctx, st, run, l.OpenData)
	if err != nil {
		return record.Tested{}, err
	}
	defer job.Dataset.Close()
	job.Threads = threads
	test, err := runner.Tested(ctx, st, run, job, name, "test")
	if err != nil {
		return record.Tested{}, err
	}
	looks, err := st.TestUses(ctx, run.ID)
	return record.Tested{
		Run: run.ID, Experiment: run.Experiment, Checkpoint: checkpoint,
		Samples: test.Answers.Examples, TestLoss: test.Loss, TestAccuracy: test.Answers.Accuracy(), Looks: len(looks),
	}, err
}

// Predictions are the predictions of a checkpoint.
type Predictions struct {
	Examples []store.Prediction
	Classes  []string // names, by label
	Shape    [3]int   // of an example: height, width, channels
}

// PredictOptions say which test examples are predicted.
type PredictOptions struct {
	Checkpoint   string // best or last
	Samples, Top int    // how many examples, and how many of the most probable classes will be shown
	Seed         int64  // which examples
}

// Predict predicts random test examples. It counts as a test use.
func (l *Lab) Predict(ctx context.Context, st *store.Store, run store.Run, o PredictOptions) (Predictions, error) {
	choose := func(ds *data.Dataset, classes []string) (*data.Split, []int32, error) {
		split := ds.Test()
		if o.Samples < 1 || o.Samples > split.Len() {
			return nil, nil, Usagef("--samples: expected 1 to %d, received %d", split.Len(), o.Samples)
		}
		if o.Top < 1 || o.Top > len(classes) {
			return nil, nil, Usagef("--top: expected 1 to %d, received %d", len(classes), o.Top)
		}
		order := make([]int32, split.Len())
		rng.New(o.Seed, rng.Sample, 0, 0).Perm(order)
		return split, order[:o.Samples], st.CountTestUse(ctx, run.ID, "predict", o.Samples)
	}
	return l.predict(ctx, st, run, o.Checkpoint, l.OpenData, choose)
}

// PredictValidation predicts the whole validation split, which must be on this machine, with the best checkpoint.
func (l *Lab) PredictValidation(ctx context.Context, st *store.Store, run store.Run) (Predictions, error) {
	choose := func(ds *data.Dataset, _ []string) (*data.Split, []int32, error) {
		split := ds.Validation()
		all := make([]int32, split.Len())
		for i := range all {
			all[i] = int32(i)
		}
		return split, all, nil
	}
	return l.predict(ctx, st, run, "best", l.preparedOnly, choose)
}

// predict predicts the examples that choose chooses.
func (l *Lab) predict(
	ctx context.Context, st *store.Store, run store.Run, checkpoint string, open opener,
	choose func(ds *data.Dataset, classes []string) (*data.Split, []int32, error),
) (Predictions, error) {
	_, file, err := checkpointFile(st, run, checkpoint)
	if err != nil {
		return Predictions{}, err
	}
	job, err := l.jobOf(ctx, st, run, open)
	if err != nil {
		return Predictions{}, err
	}
	defer job.Dataset.Close()
	job.Threads = runtime.GOMAXPROCS(0)
	on, err := st.Dataset(ctx, run)
	if err != nil {
		return Predictions{}, err
	}
	classes := on.Classes // those that the network was trained on
	if len(classes) == 0 {
		classes = job.Dataset.Classes
	}
	split, indices, err := choose(job.Dataset, classes)
	if err != nil {
		return Predictions{}, err
	}
	predictions, err := runner.Predict(ctx, job, file, split, indices)
	return Predictions{predictions, classes, job.Dataset.Shape}, err
}
