package lab

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"runner/internal/view/record"
	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// TestProgress tells it what happens to three tasks of one size, minute by minute.
func TestProgress(t *testing.T) {
	l, _ := newLab(t)
	training := &Training{lab: l, datasets: newDatasets(l.OpenData)}
	defer training.datasets.close()
	if err := training.plan(t.Context(), plansOf(t, "name: a\nsweep: {seeds: 3}"+small)); err != nil {
		t.Fatal(err)
	}
	tasks := training.Tasks
	began := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(minute int) time.Time { return began.Add(time.Duration(minute) * time.Minute) }
	run := store.Run{ID: "1", Experiment: "a", Seed: 1, Epochs: 4}
	p := NewProgress(tasks, began)
	check := func(minute int, want record.SweepProgress) {
		t.Helper()
		if diff := cmp.Diff(want, p.Sweep(at(minute))); diff != "" {
			t.Errorf("minute %d (-expected +got):\n%s", minute, diff)
		}
	}
	check(0, record.SweepProgress{Runs: 3, Left: -1})

	p.Hear(sweep.Event{Task: tasks[0], What: sweep.Found, Run: store.Run{Status: store.Finished}}, at(0))
	check(1, record.SweepProgress{Runs: 3, Over: 1, Share: 1. / 3, Left: -1}) // nothing was done meanwhile

	p.Hear(sweep.Event{Task: tasks[1], What: sweep.Started, Run: run}, at(0))
	moved := func(minute int, position runner.Position) {
		p.Hear(sweep.Event{Task: tasks[1], What: sweep.Moved, At: position}, at(minute))
	}
	moved(1, runner.Position{Epoch: 1, Steps: 10, Loss: 3})
	moved(2, runner.Position{Epoch: 2, Steps: 10, Loss: 2})
	r := p.Run(tasks[1])
	if r.Share != 0.25 || r.Left != 3*time.Minute || *r.Loss != 2 || r.Epoch != 2 || p.Running() != 1 {
		t.Errorf("a quarter in a minute: %+v", r)
	}
	for _, c := range []struct {
		accuracy float64
		improved bool
	}{{0.5, true}, {0.5, false}, {0.4, false}, {0.6, true}} {
		p.Hear(sweep.Event{Task: tasks[1], What: sweep.Logged, Epoch: store.Epoch{ValAccuracy: c.accuracy}}, at(2))
		if r := p.Run(tasks[1]); *r.ValAccuracy != c.accuracy || r.Improved != c.improved {
			t.Errorf("accuracy %v: improved %v", c.accuracy, r.Improved)
		}
	}
	p.Hear(sweep.Event{Task: tasks[1], What: sweep.Ended, Run: run}, at(4))
	check(4, record.SweepProgress{Runs: 3, Over: 2, Share: 2. / 3, Left: 4 * time.Minute})

	stopped := errors.Join(errors.New("the disk"), context.Canceled)
	p.Hear(sweep.Event{Task: tasks[2], What: sweep.Ended, Err: stopped}, at(5))
	check(5, record.SweepProgress{Runs: 3, Over: 2, Share: 2. / 3, Left: 5 * time.Minute})
	if p.interrupted != 1 || p.failed != 0 || p.Running() != 0 {
		t.Errorf("%d interrupted, %d failed, %d running", p.interrupted, p.failed, p.Running())
	}
}

// What fails is over, and does not make the rest look fast.
func TestProgressOfFailure(t *testing.T) {
	tasks := []*sweep.Task{{}, {}}
	p := NewProgress(nil, time.Now())
	p.work, p.workAll = map[*sweep.Task]float64{tasks[0]: 1, tasks[1]: 1}, 2
	p.Hear(sweep.Event{Task: tasks[0], What: sweep.Ended, Err: errors.New("no memory")}, p.began)
	want := record.SweepProgress{Runs: 2, Over: 1, Failed: 1, Share: 0.5, Left: -1}
	if diff := cmp.Diff(want, p.Sweep(p.began.Add(time.Hour))); diff != "" {
		t.Errorf("(-expected +got):\n%s", diff)
	}
}
