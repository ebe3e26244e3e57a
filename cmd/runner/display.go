package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	xterm "golang.org/x/term"

	"runner/internal/view/term"
	"runner/runner"
	"runner/runner/sweep"
	"runner/store"
)

// display shows what happens to tasks. On a terminal there is a bar for each run
// that is being trained and one for the sweep, and lines scroll above; elsewhere
// there is a line an epoch.
type display struct {
	app     *app
	bars    *mpb.Progress // nil where there is no terminal
	sweep   *mpb.Bar      // nil where there is none
	many    bool          // tasks
	mixed   bool          // lines of several runs come in turns
	results results
	untold  int                  // of what was done before
	waited  map[*sweep.Task]bool // tasks that another process was told to train

	unprinted error // why a line of results could not be printed

	mu                          sync.Mutex // guards what follows: bars are drawn in a goroutine of mpb's
	work                        map[*sweep.Task]float64
	running                     map[*sweep.Task]*training
	over, failed, interrupted   int // tasks
	began                       time.Time
	workDone, workFrom, workAll float64
}

// training is a run that is being trained.
type training struct {
	term.Progress
	bar   *mpb.Bar
	best  float64 // validation accuracy
	began time.Time
	from  float64 // the share that was done when its first position was told; -1 before
}

func newDisplay(a *app, tasks []*sweep.Task, jobs int, r results) *display {
	d := &display{
		app: a, many: len(tasks) > 1, mixed: len(tasks) > 1 && jobs != 1, results: r,
		work: make(map[*sweep.Task]float64), running: make(map[*sweep.Task]*training), waited: make(map[*sweep.Task]bool), began: time.Now(),
	}
	for _, t := range tasks {
		d.work[t] = t.Work()
		d.workAll += d.work[t]
	}
	if movable(a.err) {
		d.bars = mpb.New(mpb.WithOutput(a.err))
		if d.many {
			d.sweep = d.addBar(func(style term.Style) string { return term.SweepLine(d.sweepProgress(), style) },
				mpb.BarPriority(math.MaxInt))
		}
	}
	return d
}

// addBar adds a line that is drawn again and again; nil where the terminal is gone.
func (d *display) addBar(line func(term.Style) string, options ...mpb.BarOption) *mpb.Bar {
	filler := mpb.BarFillerFunc(func(w io.Writer, s decor.Statistics) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		style := style(d.app.err)
		style.Width = s.AvailableWidth
		_, err := io.WriteString(w, line(style))
		return err
	})
	bar, err := d.bars.Add(0, filler, append(options, mpb.BarFillerTrim())...)
	if err != nil {
		return nil // the terminal was closed, which ends drawing and nothing else
	}
	return bar
}

// show shows an event.
func (d *display) show(e sweep.Event) {
	if e.What != sweep.Found {
		d.tellDone()
	}
	switch e.What {
	case sweep.Started:
		d.start(e)
	case sweep.Moved:
		d.mu.Lock()
		defer d.mu.Unlock()
		t := d.running[e.Task]
		t.reach(e.At)
	case sweep.Logged:
		d.log(e)
	case sweep.Waiting:
		d.waited[e.Task] = true
		d.println(fmt.Sprintf("%s: process %d on %s trains run %s, which is waited for",
			describe(e.Task.Run), e.Run.Process, e.Run.Host, e.Run.ID))
	case sweep.Found:
		d.find(e)
	case sweep.Ended:
		d.end(e)
	}
}

func (d *display) start(e sweep.Event) {
	if d.bars == nil || !d.many {
		line := term.StartLine(e.Run)
		if e.Run.Resumes > 0 {
			line += fmt.Sprintf("  resumed after epoch %d", e.Run.Logged)
		}
		d.println(line)
	}
	t := newTraining(e.Run, e.Run.Epochs)
	t.Epoch = min(e.Run.Logged+1, e.Run.Epochs)
	if e.Run.BestValAccuracy != nil {
		t.best = *e.Run.BestValAccuracy
	}
	t.Share = float64(e.Run.Logged) / float64(e.Run.Epochs)
	d.mu.Lock()
	d.running[e.Task] = t
	d.workFrom += t.Share * d.work[e.Task]
	d.mu.Unlock()
	if d.bars != nil { // not under the lock: mpb may be drawing another, which takes it
		t.bar = d.addBar(func(style term.Style) string { return term.ProgressLine(t.Progress, style) })
	}
}

// newTraining is a training of the first epochs of a run that begins.
func newTraining(run store.Run, epochs int) *training {
	t := &training{best: -1, from: -1}
	t.Name, t.Epoch, t.Epochs, t.Left = fmt.Sprintf("%s seed %d", run.Experiment, run.Seed), 1, epochs, -1
	return t
}

// reach notes where the training is, and how long the rest will take.
func (t *training) reach(at runner.Position) {
	t.Epoch, t.Loss = at.Epoch, &at.Loss
	t.Share = (float64(at.Epoch-1) + float64(at.Step)/float64(at.Steps)) / float64(t.Epochs)
	if t.from < 0 {
		t.began, t.from = time.Now(), t.Share
	}
	t.Left = left(t.began, t.from, t.Share)
}

// left is how long the rest takes of what was at one share when it began and is at
// another now; negative if that cannot be told.
func left(began time.Time, from, now float64) time.Duration {
	if now <= from {
		return -1
	}
	return time.Duration(float64(time.Since(began)) * (1 - now) / (now - from))
}

func (d *display) log(e sweep.Event) {
	d.mu.Lock()
	t := d.running[e.Task]
	best := e.Epoch.ValAccuracy > t.best
	t.best = max(t.best, e.Epoch.ValAccuracy)
	t.ValAccuracy = &e.Epoch.ValAccuracy
	d.mu.Unlock()
	if d.bars != nil && d.many {
		return // the bar shows it
	}
	line := term.EpochLine(e.Epoch, e.Run.Epochs, best)
	if d.mixed {
		line = describe(e.Run) + ": " + line
	}
	d.println(line)
}

// find shows a task that was done already.
func (d *display) find(e sweep.Event) {
	d.mu.Lock()
	d.over++
	d.workFrom += d.work[e.Task]
	d.workDone += d.work[e.Task]
	if e.Run.Status == store.Diverged {
		d.failed++
	}
	d.mu.Unlock()
	switch {
	case e.Run.Status == store.Diverged:
		d.println(fmt.Sprintf("%s: done already (run %s): %s", describe(e.Run), e.Run.ID, e.Run.Reason))
	case d.waited[e.Task]:
		d.printResult(e.Run)
	case !d.results.before:
		d.untold++
	default:
		d.println(fmt.Sprintf("%s: done already (run %s), train it again with --again", describe(e.Run), e.Run.ID))
		d.printResult(e.Run)
	}
}

// tellDone tells how many tasks were done already.
func (d *display) tellDone() {
	if d.untold > 0 {
		d.println(fmt.Sprintf("%d of %d runs are done already, train them again with --again", d.untold, len(d.work)))
		d.untold = 0
	}
}

// end shows how a task ended.
func (d *display) end(e sweep.Event) {
	d.mu.Lock()
	stopped := errors.Is(e.Err, context.Canceled)
	t := d.running[e.Task]
	delete(d.running, e.Task)
	switch {
	case stopped && t != nil:
		d.workDone += t.Share * d.work[e.Task]
	case !stopped:
		d.over++
		d.workDone += d.work[e.Task]
		if e.Err != nil { // what it did not do was not done fast
			share := 0.0
			if t != nil {
				share = t.Share
			}
			d.workFrom += (1 - share) * d.work[e.Task]
		}
	}
	switch {
	case stopped:
		d.interrupted++
	case e.Err != nil:
		d.failed++
	}
	d.mu.Unlock()
	if t != nil && t.bar != nil {
		t.bar.Abort(true)
	}
	switch {
	case stopped && e.Run.ID != "":
		if text := runner.Sentence(e.Err); text != context.Canceled.Error() { // and what went wrong besides
			d.println(fmt.Sprintf("%s: %s", describe(e.Task.Run), text))
		}
		d.println(fmt.Sprintf("run %s is interrupted, go on with: runner resume %[1]s", e.Run.ID))
	case stopped:
	case e.Err != nil:
		d.println(fmt.Sprintf("%s: %s", describe(e.Task.Run), runner.Sentence(e.Err)))
	default:
		d.printResult(e.Run)
	}
}

// sweepProgress tells where the sweep is; the caller holds the lock.
func (d *display) sweepProgress() term.SweepProgress {
	at := d.workDone
	for task, t := range d.running {
		at += t.Share * d.work[task]
	}
	return term.SweepProgress{
		Runs: len(d.work), Over: d.over, Running: len(d.running), Failed: d.failed,
		Share: at / d.workAll, Left: left(d.began, d.workFrom/d.workAll, at/d.workAll),
	}
}

// stopping tells that a signal was heard, where there is something to stop.
func (d *display) stopping() {
	d.mu.Lock()
	running := len(d.running)
	d.mu.Unlock()
	if running > 0 {
		d.println("stopping: what is being trained finishes its step and keeps its state; a second signal ends at once")
	}
}

// println prints a line on standard error, above the bars.
func (d *display) println(line string) {
	if d.bars == nil {
		fmt.Fprintln(d.app.err, line)
		return
	}
	fmt.Fprintln(d.bars, line)
}

// printResult prints a run's line of results, and above the bars. That it cannot is
// told in the end: the runs are worth training all the same.
func (d *display) printResult(run store.Run) {
	line := term.ResultLine(run)
	if d.bars != nil {
		d.println(line)
	}
	if d.bars == nil || !xterm.IsTerminal(int(d.results.to.Fd())) {
		if _, err := fmt.Fprintln(d.results.to, line); err != nil {
			d.unprinted = err
		}
	}
}

// close takes the bars down.
func (d *display) close() {
	d.tellDone()
	if d.sweep != nil {
		d.sweep.Abort(true)
	}
	if d.bars != nil {
		d.bars.Wait()
	}
}
