package lab

import (
	"context"
	"errors"
	"sync"
	"time"

	"runner/internal/view/record"
	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// RunProgress is how far a run is that is being trained.
type RunProgress struct {
	record.Progress
	Improved bool // the latest epoch is the best so far

	best  float64 // validation accuracy
	began time.Time
	from  float64 // the share that was done at its first position; -1 before
}

// NewRunProgress is the progress of a run that begins, over its first epochs.
func NewRunProgress(run store.Run, epochs int) RunProgress {
	name := record.NameAndSeed(run.Experiment, run.Seed)
	return RunProgress{Progress: record.Progress{Name: name, Epoch: 1, Epochs: epochs, Left: -1}, best: -1, from: -1}
}

// Reach notes where the training is, and how long the rest will take.
func (r *RunProgress) Reach(at runner.Position, now time.Time) {
	r.Epoch, r.Loss = at.Epoch, &at.Loss
	r.Share = (float64(at.Epoch-1) + float64(at.Step)/float64(at.Steps)) / float64(r.Epochs)
	if r.from < 0 {
		r.began, r.from = now, r.Share
	}
	r.Left = left(now.Sub(r.began), r.from, r.Share)
}

// Log notes the results of an epoch.
func (r *RunProgress) Log(e store.Epoch) {
	r.Improved = e.ValAccuracy > r.best
	r.best = max(r.best, e.ValAccuracy)
	r.ValAccuracy = &e.ValAccuracy
}

// left is how long the rest takes of what went from one share to another in a time; negative if unknown.
func left(after time.Duration, from, now float64) time.Duration {
	if now <= from {
		return -1
	}
	return time.Duration(float64(after) * (1 - now) / (now - from))
}

// Progress is the progress of tasks. One goroutine feeds it their events; others may read it.
type Progress struct {
	mu                          sync.Mutex
	work                        map[*sweep.Task]float64
	running, runs               map[*sweep.Task]*RunProgress // runs: also of those that ended
	over, failed, interrupted   int                          // tasks
	began                       time.Time
	workDone, workFrom, workAll float64 // workFrom: done before
}

// NewProgress is the progress of tasks that begin now.
func NewProgress(tasks []*sweep.Task, now time.Time) *Progress {
	p := &Progress{work: make(map[*sweep.Task]float64), began: now}
	p.running, p.runs = make(map[*sweep.Task]*RunProgress), make(map[*sweep.Task]*RunProgress)
	for _, t := range tasks {
		p.work[t] = t.Work()
		p.workAll += p.work[t]
	}
	return p
}

// Hear takes in an event.
func (p *Progress) Hear(e sweep.Event, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.What {
	case sweep.Started:
		p.start(e)
	case sweep.Moved:
		p.running[e.Task].Reach(e.At, now)
	case sweep.Logged:
		p.running[e.Task].Log(e.Epoch)
	case sweep.Found:
		p.over++
		p.workFrom += p.work[e.Task]
		p.workDone += p.work[e.Task]
		if e.Run.Status == store.Diverged {
			p.failed++
		}
	case sweep.Ended:
		p.end(e)
	}
}

func (p *Progress) start(e sweep.Event) {
	r := NewRunProgress(e.Run, e.Run.Epochs)
	r.Epoch = min(e.Run.Logged+1, e.Run.Epochs)
	if e.Run.BestValAccuracy != nil {
		r.best = *e.Run.BestValAccuracy
	}
	r.Share = float64(e.Run.Logged) / float64(e.Run.Epochs)
	p.running[e.Task], p.runs[e.Task] = &r, &r
	p.workFrom += r.Share * p.work[e.Task]
}

func (p *Progress) end(e sweep.Event) {
	share := 0.0
	r := p.running[e.Task]
	if r != nil {
		share = r.Share
	}
	delete(p.running, e.Task)
	if errors.Is(e.Err, context.Canceled) {
		p.interrupted++
		p.workDone += share * p.work[e.Task]
		return
	}
	p.over++
	p.workDone += p.work[e.Task]
	if e.Err != nil { // what it left undone says nothing about the pace
		p.failed++
		p.workFrom += (1 - share) * p.work[e.Task]
	}
}

// Run returns how far the run of a task is, or was when it ended.
func (p *Progress) Run(t *sweep.Task) RunProgress {
	p.mu.Lock()
	defer p.mu.Unlock()
	return *p.runs[t]
}

// Running returns how many runs are in training.
func (p *Progress) Running() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.running)
}

// Sweep returns how far all tasks are together.
func (p *Progress) Sweep(now time.Time) record.SweepProgress {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.workDone
	for task, r := range p.running {
		at += r.Share * p.work[task]
	}
	return record.SweepProgress{
		Runs: len(p.work), Over: p.over, Running: len(p.running), Failed: p.failed,
		Share: at / p.workAll, Left: left(now.Sub(p.began), p.workFrom/p.workAll, at/p.workAll),
	}
}
