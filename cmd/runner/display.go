package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	xterm "golang.org/x/term"

	"runner/internal/view/term"
	"runner/runner"
	"runner/runner/lab"
	"runner/runner/sweep"
	"runner/store"
)

// display shows what happens to tasks: on a terminal a bar for each run in training and one for the sweep, with lines
// that scroll above; elsewhere a line an epoch.
type display struct {
	app      *app
	progress *lab.Progress
	tasks    int
	bars     *mpb.Progress // nil where there is no terminal
	sweep    *mpb.Bar      // nil where there is none
	runs     map[*sweep.Task]*mpb.Bar
	mixed    bool // lines of several runs alternate
	results  results
	skipped  int                  // finished tasks that were found and not reported yet
	waited   map[*sweep.Task]bool // tasks that another process trains

	unprinted error // why a line of results could not be printed
}

// newDisplay returns a display of a training, which is nil for one without tasks.
func newDisplay(a *app, t *lab.Training, r results) *display {
	d := &display{app: a, results: r, runs: make(map[*sweep.Task]*mpb.Bar), waited: make(map[*sweep.Task]bool)}
	if movable(a.err) {
		d.bars = mpb.New(mpb.WithOutput(a.err))
	}
	if t == nil {
		return d
	}
	d.progress, d.tasks, d.mixed = t.Progress, len(t.Tasks), len(t.Tasks) > 1 && t.Options.Jobs != 1
	if d.bars != nil && d.tasks > 1 {
		d.sweep = d.addBar(func(style term.Style) string { return term.SweepLine(d.progress.Sweep(time.Now()), style) },
			mpb.BarPriority(math.MaxInt))
	}
	return d
}

// addBar adds a line that is drawn again and again. It returns nil where the terminal is gone.
func (d *display) addBar(line func(term.Style) string, options ...mpb.BarOption) *mpb.Bar {
	filler := mpb.BarFillerFunc(func(w io.Writer, s decor.Statistics) error {
		style := style(d.app.err)
		style.Width = s.AvailableWidth
		_, err := io.WriteString(w, line(style))
		return err
	})
	bar, err := d.bars.Add(0, filler, append(options, mpb.BarFillerTrim())...)
	if err != nil {
		return nil // the terminal was closed, which ends only the drawing
	}
	return bar
}

// show shows an event.
func (d *display) show(e sweep.Event) {
	if e.What != sweep.Found {
		d.tellSkipped()
	}
	switch e.What {
	case sweep.Started:
		d.start(e)
	case sweep.Logged:
		d.log(e)
	case sweep.Waiting:
		d.waited[e.Task] = true
		d.println(fmt.Sprintf("%s: waiting for run %[4]s, which process %[2]d on %[3]s trains",
			lab.Describe(e.Task.Run), e.Run.Process, e.Run.Host, e.Run.ID))
	case sweep.Found:
		d.find(e)
	case sweep.Ended:
		d.end(e)
	}
}

func (d *display) start(e sweep.Event) {
	if d.bars == nil || d.tasks == 1 {
		line := term.StartLine(e.Run)
		if e.Run.Resumes > 0 {
			line += fmt.Sprintf("  resumed after epoch %d", e.Run.Logged)
		}
		d.println(line)
	}
	if d.bars != nil {
		d.runs[e.Task] = d.addBar(func(style term.Style) string {
			return term.ProgressLine(d.progress.Run(e.Task).Progress, style)
		})
	}
}

func (d *display) log(e sweep.Event) {
	if d.bars != nil && d.tasks > 1 {
		return // the bar shows it
	}
	line := term.EpochLine(e.Epoch, e.Run.Epochs, d.progress.Run(e.Task).Improved)
	if d.mixed {
		line = lab.Describe(e.Run) + ": " + line
	}
	d.println(line)
}

// find shows a task whose run is over already.
func (d *display) find(e sweep.Event) {
	switch {
	case e.Run.Status == store.Diverged:
		d.println(fmt.Sprintf("%s: skipped, run %s diverged: %s", lab.Describe(e.Run), e.Run.ID, e.Run.Reason))
	case d.waited[e.Task]:
		d.printResult(e.Run)
	case !d.results.skipped:
		d.skipped++
	default:
		d.println(fmt.Sprintf("%s: skipped, run %s is finished: train it again with --again", lab.Describe(e.Run), e.Run.ID))
		d.printResult(e.Run)
	}
}

// tellSkipped tells how many finished runs were skipped.
func (d *display) tellSkipped() {
	if d.skipped > 0 {
		d.println(fmt.Sprintf("%d of %d runs are finished and skipped: train them again with --again", d.skipped, d.tasks))
		d.skipped = 0
	}
}

// end shows how a task ended.
func (d *display) end(e sweep.Event) {
	if bar := d.runs[e.Task]; bar != nil {
		bar.Abort(true)
	}
	stopped := errors.Is(e.Err, context.Canceled)
	switch {
	case stopped && e.Run.ID != "":
		if text := runner.Sentence(e.Err); text != context.Canceled.Error() { // something else went wrong too
			d.println(fmt.Sprintf("%s: %s", lab.Describe(e.Task.Run), text))
		}
		d.println(fmt.Sprintf("run %s is interrupted, resume it with: runner resume %[1]s", e.Run.ID))
	case stopped:
	case e.Err != nil:
		d.println(fmt.Sprintf("%s: %s", lab.Describe(e.Task.Run), runner.Sentence(e.Err)))
	default:
		d.printResult(e.Run)
	}
}

// stopping acknowledges a signal while runs are in training.
func (d *display) stopping() {
	if d.progress.Running() > 0 {
		d.println("stopping: runs finish their step and keep their state; a second signal stops at once")
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

// printResult prints a run's line of results, also above the bars. A failure to print is reported at the end: the runs
// are worth training all the same.
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
	d.tellSkipped()
	if d.sweep != nil {
		d.sweep.Abort(true)
	}
	if d.bars != nil {
		d.bars.Wait()
	}
}
