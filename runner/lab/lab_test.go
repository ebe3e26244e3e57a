package lab

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"runner/internal/spec"
	"runner/internal/standing"
	"runner/internal/view/record"
	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// asWorker makes the test binary a worker.
const asWorker = "RUNNER_TEST_WORKER"

// dataDir holds the synthetic dataset for all tests of the package.
var dataDir string

func TestMain(m *testing.M) {
	if os.Getenv(asWorker) != "" {
		if err := sweep.Work(context.Background(), os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	dir, err := os.MkdirTemp("", "runner-data")
	if err != nil {
		panic(err)
	}
	dataDir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// newLab returns a lab without a store, and where its warnings go.
func newLab(t *testing.T) (*Lab, *[]string) {
	t.Helper()
	var warnings []string
	return &Lab{
		Store: filepath.Join(t.TempDir(), "runs"), Data: dataDir,
		Worker: func() (*exec.Cmd, error) {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), asWorker+"=1")
			return cmd, nil
		},
		Warn: func(text string) { warnings = append(warnings, text) },
	}, &warnings
}

const small = `
dataset: synthetic
layers: [{avgpool2d: {pool: 8}}, flatten, {dense: {units: 10}}]
epochs: 2
batch_size: 1000
`

// plansOf are the plans of an experiment file.
func plansOf(t *testing.T, text string) []*runner.Plan {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	plans, err := LoadPlans([]string{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return plans
}

// trained trains plans as a sweep and returns its last events by run.
func trained(t *testing.T, l *Lab, plans []*runner.Plan, o TrainOptions) (last []sweep.Event, training *Training) {
	t.Helper()
	training, err := l.Sweep(t.Context(), plans, o)
	if err != nil {
		t.Fatal(err)
	}
	defer training.Close()
	for e := range training.Events(t.Context()) {
		if e.What == sweep.Found || e.What == sweep.Ended {
			last = append(last, e)
		}
	}
	if err := training.Err(); err != nil {
		t.Fatal(err)
	}
	return last, training
}

// TestUseCases trains two experiments and asks everything of their store that commands ask.
func TestUseCases(t *testing.T) {
	ctx := t.Context()
	l, warnings := newLab(t)
	plans := plansOf(t, "name: a\nsweep: {seeds: 2}"+small)
	plans = append(plans, plansOf(t, "name: b\noptimizer: {sgd: {learning_rate: 0.01}}"+small)...)
	again := plansOf(t, "name: c"+small) // computes the same as the first

	planned, err := l.DryRun(ctx, append(plans, again...), TrainOptions{Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, r := range planned.Runs {
		states = append(states, r.State)
	}
	fetched := "new, after fetching synthetic"
	if want := []string{fetched, fetched, fetched, fetched}; !slices.Equal(states, want) || planned.Seconds != nil {
		t.Errorf("dry run of what was never fetched: %q, %v seconds", states, planned.Seconds)
	}
	if _, err := os.Stat(l.Store); err == nil {
		t.Errorf("a dry run made a store")
	}

	last, training := trained(t, l, append(plans, again...), TrainOptions{Jobs: 2})
	const same = "c seed 1 single-batch: computes the same as a seed 1 single-batch, which is trained instead"
	if !slices.Equal(*warnings, []string{same}) {
		t.Errorf("warnings %q", *warnings)
	}
	p := training.Progress.Sweep(time.Now())
	p.Left = 0
	if want := (record.SweepProgress{Runs: 3, Over: 3, Share: 1}); len(last) != 3 || p != want {
		t.Errorf("%d runs ended: %+v", len(last), p)
	}
	for _, e := range last {
		if e.What != sweep.Ended || e.Run.Status != store.Finished {
			t.Errorf("%s: %v, %s", Describe(e.Task.Run), e.What, e.Run.Status)
		}
	}
	run := last[0].Run

	if planned, err = l.DryRun(ctx, plans, TrainOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, r := range planned.Runs {
		if r.Train || r.State != "finished" || r.Run == "" {
			t.Errorf("dry run of what is done: %+v", r)
		}
	}
	if last, _ := trained(t, l, plans, TrainOptions{}); len(last) != 3 || last[0].What != sweep.Found {
		t.Errorf("trained again: %+v", last)
	}
	last, _ = trained(t, l, plans, TrainOptions{RetryFailed: true})
	const none = "no run failed or diverged: nothing to repeat"
	if len(last) != 0 || !slices.Equal(*warnings, []string{same, none}) {
		t.Errorf("%d runs were repeated, warnings %q", len(last), *warnings)
	}

	t.Run("status", func(t *testing.T) {
		s, err := l.Status(ctx)
		if err != nil || len(s.Sweeps)+len(s.Running)+s.Interrupted != 0 {
			t.Errorf("%+v, %v", s, err)
		}
	})
	t.Run("runs", func(t *testing.T) {
		runs, err := l.Runs(ctx, store.Filter{Dataset: "synthetic"})
		if err != nil || len(runs) != 3 {
			t.Errorf("%d runs, %v", len(runs), err)
		}
	})
	t.Run("board", func(t *testing.T) {
		b, err := l.Board(ctx, standing.Options{Sort: "rank"})
		if err != nil || len(b.Standings) != 2 {
			t.Errorf("%d standings, %v", len(b.Standings), err)
		}
		if _, err := l.Board(ctx, standing.Options{Sort: "beauty"}); !errors.As(err, new(*standing.OrderError)) {
			t.Errorf("an unknown order: %v", err)
		}
	})
	t.Run("compare", func(t *testing.T) {
		c, err := l.Compare(ctx, []string{"a", "b"})
		if err != nil || len(c.Sides) != 2 || len(c.Accuracies) != 2 {
			t.Errorf("%d sides, %v", len(c.Sides), err)
		}
	})
	t.Run("export", func(t *testing.T) {
		b, full, err := l.Export(ctx, run.ID)
		if err != nil || len(b.Standings) != 1 || len(full.Epochs) != 2 || len(full.Classes) != 10 {
			t.Errorf("%d standings, %+v, %v", len(b.Standings), full, err)
		}
		if full.Store != l.Store || full.Data != dataDir {
			t.Errorf("it is in %q, on data in %q", full.Store, full.Data)
		}
		b, all, err := l.ExportAll(ctx, standing.Options{Sort: "rank"})
		if err != nil || len(b.Standings) != 2 || len(all) != 3 {
			t.Errorf("%d standings, %d runs, %v", len(b.Standings), len(all), err)
		}
	})
	t.Run("promote", func(t *testing.T) {
		best := standing.Options{Filter: store.Filter{Mode: string(spec.SingleBatch)}, Sort: "rank"}
		promoted, err := l.Promote(ctx, best, 2, 1)
		if err != nil || len(promoted) != 2 {
			t.Fatalf("%d plans, %v", len(promoted), err)
		}
		for _, p := range promoted {
			if p.Experiment.Mode != spec.Full {
				t.Errorf("%s is promoted in mode %s", p.Experiment.Name, p.Experiment.Mode)
			}
		}
	})
	t.Run("test and predict", func(t *testing.T) { testEvaluation(t, l, run) })
	t.Run("replay", func(t *testing.T) { testReplay(t, l, run) })
	t.Run("resume", func(t *testing.T) {
		*warnings = nil
		training, err := l.ResumeInterrupted(ctx, true, TrainOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer training.Close()
		if len(training.Tasks) != 0 || len(*warnings) != 1 {
			t.Errorf("%d tasks, warnings %q", len(training.Tasks), *warnings)
		}
	})
}

// testEvaluation looks at the test split twice, once at all of it, and once not at all.
func testEvaluation(t *testing.T, l *Lab, run store.Run) {
	ctx := t.Context()
	st, run, err := l.FindRun(ctx, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	p, err := l.Predict(ctx, st, run, PredictOptions{Checkpoint: "best", Samples: 5, Top: 3, Seed: 1})
	pixels := p.Shape[0] * p.Shape[1] * p.Shape[2]
	if err != nil || len(p.Examples) != 5 || len(p.Classes) != 10 || len(p.Examples[0].Pixels) != pixels {
		t.Errorf("%d predictions, %v", len(p.Examples), err)
	}
	p, err = l.PredictValidation(ctx, st, run)
	if err != nil || len(p.Examples) != 1000 {
		t.Errorf("%d predictions on the validation split, %v", len(p.Examples), err)
	}
	tested, err := l.Test(ctx, st, run, "last", 1)
	if err != nil || tested.Samples != 2000 || tested.Looks != 2 || tested.Checkpoint != "last" {
		t.Errorf("%+v, %v", tested, err)
	}
}

func testReplay(t *testing.T, l *Lab, run store.Run) {
	ctx := t.Context()
	st, run, err := l.FindRun(ctx, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for _, c := range []struct {
		epochs *int
		want   int
	}{{nil, 2}, {new(1), 1}} {
		r, err := l.NewReplay(ctx, st, run, ReplayOptions{Epochs: c.epochs, Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range r.Train(ctx, new(runner.Progress)) {
			if err != nil || len(e.Differences) > 0 {
				t.Errorf("epoch %d: %v, %v", e.Epoch, e.Differences, err)
			}
		}
		if len(r.Outcome.Epochs) != c.want || r.Outcome.Recorded != 2 {
			t.Errorf("%+v, expected %d epochs", r.Outcome, c.want)
		}
		r.Close()
	}
}

// TestWithoutStore: what only reads finds nothing or refuses, and makes no store.
func TestWithoutStore(t *testing.T) {
	ctx := t.Context()
	l, _ := newLab(t)
	if b, err := l.Board(ctx, standing.Options{Sort: "rank"}); err != nil || len(b.Standings) != 0 {
		t.Errorf("board: %v", err)
	}
	if _, err := l.Proxy(ctx, standing.Options{}); err != nil {
		t.Errorf("proxy: %v", err)
	}
	if s, err := l.Status(ctx); err != nil || len(s.Sweeps) != 0 {
		t.Errorf("status: %v", err)
	}
	for name, ask := range map[string]func() error{
		"no runs in":                       func() error { _, _, err := l.Export(ctx, "x"); return err },
		"name another folder with --store": func() error { _, err := l.Compare(ctx, []string{"x", "y"}); return err },
		"no runs":                          func() error { _, err := l.Resume(ctx, "x", TrainOptions{}); return err },
		`unknown dataset "x", expected one of cifar10, synthetic`: func() error {
			_,
				err := l.Runs(ctx, store.Filter{Dataset: "x"})
			return err
		},
		"no *.yaml or *.yml file": func() error {
			_,
				err := ExperimentFiles([]string{t.TempDir()})
			return err
		},
	} {
		var usage UsageError
		if err := ask(); !errors.As(err, &usage) || !strings.Contains(err.Error(), name) {
			t.Errorf("expected the usage error %q, received %v", name, err)
		}
	}
	if _, err := os.Stat(l.Store); err == nil {
		t.Error("there is a store now")
	}
}

// TestCheck: each network has a forecast of memory, and of time once its dataset is prepared; faults stop nothing.
func TestCheck(t *testing.T) {
	l, _ := newLab(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good.yaml": "name: a\nsweep: {grid: {'layers[2].dense.activation': [relu, linear], seed: [1, 2]}}" + small,
		"bad.yaml":  "name: b\nbeauty: 3" + small,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ds, err := l.OpenData(t.Context(), plansOf(t, "name: a"+small)[0].Dataset)
	if err != nil {
		t.Fatal(err)
	}
	ds.Close()
	var measured []int
	l.Measuring = func(network, of int) { measured = append(measured, network, of) }
	checked, err := l.Check(t.Context(), []string{dir}, nil, 1)
	if err != nil || len(checked) != 3 {
		t.Fatalf("checked %+v, %v, expected a faulty file and two networks", checked, err)
	}
	if c := checked[0]; c.Valid || len(c.Faults) != 1 || c.Faults[0].Line != 2 || c.MemoryBytes != nil {
		t.Errorf("the faulty file: %+v", c)
	}
	for _, c := range checked[1:] {
		if !c.Valid || len(c.Layers) != 3 || c.MemoryBytes == nil || *c.MemoryBytes <= 0 {
			t.Errorf("a network: %+v", c)
		}
		if c.SecondsPerEpoch == nil || c.EvalSecondsPerEpoch == nil {
			t.Errorf("forecast %+v", c.Forecast)
		}
	}
	if n := len(measured); n < 2 || !slices.Equal(measured[n-2:], []int{0, 3}) {
		t.Errorf("measured %v", measured)
	}
}
