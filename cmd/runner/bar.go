package main

import (
	"fmt"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"runner/runner"
)

// display prints a training's lines on standard error: above a bar that follows
// the steps on a terminal, plainly elsewhere.
type display struct {
	out      *os.File
	progress *mpb.Progress // nil where there is no terminal
	stop     chan struct{}
	stopped  chan struct{}
}

// refresh is how often the bar looks where the training is.
const refresh = 150 * time.Millisecond

func newDisplay(out *os.File, at *runner.Progress, epochs int) *display {
	d := &display{out: out, stop: make(chan struct{}), stopped: make(chan struct{})}
	if !movable(out) {
		close(d.stopped)
		return d
	}
	d.progress = mpb.New(mpb.WithOutput(out), mpb.WithRefreshRate(refresh))
	bar := d.progress.AddBar(0,
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string {
			now := at.Now()
			return fmt.Sprintf("epoch %d/%d  step %d/%d  loss %.4f ", now.Epoch, epochs, now.Step, now.Steps, now.Loss)
		})),
		mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)))
	go func() {
		defer close(d.stopped)
		ticker := time.NewTicker(refresh)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				now := at.Now()
				bar.SetTotal(int64(epochs*now.Steps), false)
				bar.SetCurrent(int64((now.Epoch-1)*now.Steps + now.Step))
			case <-d.stop:
				bar.Abort(true)
				d.progress.Wait()
				return
			}
		}
	}()
	return d
}

// println prints a line.
func (d *display) println(line string) {
	if d.progress == nil {
		fmt.Fprintln(d.out, line)
		return
	}
	fmt.Fprintln(d.progress, line)
}

// close takes the bar down.
func (d *display) close() {
	close(d.stop)
	<-d.stopped
}
