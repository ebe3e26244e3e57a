package sweep

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"runner/internal/data"
	"runner/runner"
	"runner/store"
)

// Options say how tasks are trained.
type Options struct {
	Store    *store.Store // in which workers claim their runs
	Place    Place        // where they run
	Jobs     int          // most workers at a time; 0: chosen
	Threads  int          // of each; 0: chosen
	FailFast bool         // stop everything when one run fails
}

// What is what an event tells.
type What int

const (
	Started What = iota // Run was begun, or gone on with where Run.Resumes is not 0
	Moved               // the training is at At
	Logged              // Epoch is on record
	Waiting             // another process trains Run, and is waited for
	Found               // Run is done already; the task's last event
	Ended               // Run as it is recorded at last, and Err; the task's last event
)

// Event is something that happened to a task.
type Event struct {
	Task  *Task
	What  What
	Run   store.Run // zero where none was begun
	At    runner.Position
	Epoch store.Epoch
	Err   error // why an Ended run is not finished; [context.Canceled] where it was told to stop
}

// Train trains the tasks of a source, in their order where there are fewer jobs than tasks, and
// returns what happens. Of what the source offers at once, what is done already is found first. What
// another process trains is waited for, and taken over should that process die. Cancelling the
// context, or pulling no more, stops the workers, which keep the states of their
// runs; Train returns when they have ended. Tasks that were not begun by then may
// have no event. No two tasks should be of one identity.
func Train(ctx context.Context, source Source, o Options) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		s := &scheduler{
			Options: o, asked: o, source: source, yield: yield, stop: stop,
			children: make(map[*child]bool), news: make(chan news),
			verified: make(map[*data.Dataset]error), told: make(map[*Task]bool),
		}
		_, s.memory = o.Place.Capacity()
		s.run(ctx)
	}
}

// scheduler is a Train in progress. All of it happens in one goroutine.
type scheduler struct {
	Options          // with the jobs and threads that were chosen
	asked    Options // as they were given
	source   Source
	offers   bool // the source may have tasks that it had not when it was asked last
	yield    func(Event) bool
	stop     context.CancelFunc
	memory   float64 // bytes of the place, 0 if unknown
	pending  []*Task // to train
	waiting  []*Task // which other processes train
	children map[*child]bool
	news     chan news
	verified map[*data.Dataset]error
	told     map[*Task]bool // that it is waiting
	deaf     bool           // the consumer pulls no more
}

// lookAgain is how often a run that another process trains is looked at.
const lookAgain = 500 * time.Millisecond

func (s *scheduler) run(ctx context.Context) {
	s.offers = true
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	stopped := ctx.Done()
	for {
		s.ask(ctx)
		for ctx.Err() == nil && s.next(ctx) {
			s.ask(ctx)
		}
		if len(s.children) == 0 && (ctx.Err() != nil || len(s.pending)+len(s.waiting) == 0) {
			return
		}
		select {
		case n := <-s.news:
			s.hear(ctx, n)
		case <-ticker.C: // those that wait come after those that were never tried
			s.pending, s.waiting = append(s.pending, s.waiting...), nil
		case <-stopped:
			for c := range s.children {
				c.stop()
			}
			stopped = nil
		}
	}
}

// ask takes the tasks that the source offers, and divides the place among all that there are.
func (s *scheduler) ask(ctx context.Context) {
	more := false
	for s.offers && ctx.Err() == nil {
		t := s.source.Next()
		if s.offers = t != nil; !s.offers {
			break
		}
		if more = true; s.look(ctx, t) {
			s.pending = append(s.pending, t)
		}
	}
	if !more {
		return
	}
	all := slices.Concat(s.pending, s.waiting)
	for c := range s.children {
		all = append(all, c.task)
	}
	o := s.asked
	o.Divide(all)
	s.Jobs, s.Threads = o.Jobs, o.Threads
}

// look tells whether a task is to be trained. If not, it is done, or waits.
func (s *scheduler) look(ctx context.Context, t *Task) bool {
	if t.Again || t.recorded() {
		return true
	}
	run, what, found, err := s.Store.Look(ctx, t.Run.Identity)
	switch {
	case err != nil:
		s.ended(t, store.Run{}, err)
	case !found || what == store.Resumed:
		return true
	case what == store.Done:
		s.over(Event{Task: t, What: Found, Run: run})
	default:
		s.wait(t, run)
	}
	return false
}

// wait puts a task aside whose run another process trains.
func (s *scheduler) wait(t *Task, run store.Run) {
	s.waiting = append(s.waiting, t)
	if !s.told[t] {
		s.told[t] = true
		s.say(Event{Task: t, What: Waiting, Run: run})
	}
}

// next deals with the first pending task and returns false where there is none,
// or no room for it.
func (s *scheduler) next(ctx context.Context) bool {
	if len(s.pending) == 0 || len(s.children) >= s.Jobs {
		return false
	}
	t := s.pending[0]
	need, err := t.Memory()
	if err == nil {
		err = runner.FitsMachine(need, s.memory)
	}
	if err == nil && !s.fits(need) {
		return false
	}
	s.pending = s.pending[1:]
	if err == nil {
		if !s.look(ctx, t) {
			return true
		}
		err = s.verify(ctx, t.Job.Dataset)
	}
	var c *child
	if err == nil {
		c, err = s.start(t, need)
	}
	if err != nil {
		s.ended(t, store.Run{}, err)
		return true
	}
	s.children[c] = true
	return true
}

// fits tells whether there is memory for a task beside those that are trained.
func (s *scheduler) fits(need float64) bool {
	for c := range s.children {
		need += c.need
	}
	return s.memory == 0 || len(s.children) == 0 || need <= s.memory
}

// verify reads a dataset once for all tasks that train on it.
func (s *scheduler) verify(ctx context.Context, ds *data.Dataset) error {
	err, done := s.verified[ds]
	if !done {
		if err = ds.Verify(ctx); ctx.Err() == nil {
			s.verified[ds] = err
		}
	}
	return err
}

// hear takes a child's news.
func (s *scheduler) hear(ctx context.Context, n news) {
	c, m := n.child, n.message
	switch {
	case n.exit != nil:
		c.exit = *n.exit
		delete(s.children, c)
		s.leave(ctx, c)
	case m.End != nil:
		c.end = m.End
	case m.Claim != nil:
		if c.claim = m.Claim; c.running() {
			s.say(Event{Task: c.task, What: Started, Run: c.claim.Run})
		}
	case !c.running(): // nothing more is told of what is no run
	case m.At != nil:
		s.say(Event{Task: c.task, What: Moved, Run: c.claim.Run, At: *m.At})
	case m.Epoch != nil:
		s.say(Event{Task: c.task, What: Logged, Run: c.claim.Run, Epoch: *m.Epoch})
	}
}

// leave says how the task of a child that has ended did.
func (s *scheduler) leave(ctx context.Context, c *child) {
	background := context.WithoutCancel(ctx)
	var run store.Run
	var err error
	if c.claim == nil && c.end == nil {
		err = s.findClaim(background, c)
	}
	if c.claim != nil {
		run = c.claim.Run
	}
	switch {
	case err != nil:
	case c.end == nil && c.claim == nil && (ctx.Err() != nil || c.unheard()):
		err = &stoppedError{context.Canceled.Error()}
	case c.end == nil:
		reason := c.exit.reason()
		err = errors.New(reason)
		if c.running() {
			err = errors.Join(err, s.Store.EndLost(background, run.ID, store.Failed, reason, c.exit.Stderr))
		}
	case c.end.Stopped:
		err = &stoppedError{c.end.Error}
	case c.end.Error != "":
		err = errors.New(c.end.Error)
	case c.claim.What == store.Done: // meanwhile
		s.over(Event{Task: c.task, What: Found, Run: run})
		return
	case c.claim.What == store.Busy && c.task.recorded():
		err = &store.BusyError{Run: run}
	case c.claim.What == store.Busy:
		s.wait(c.task, run)
		return
	}
	if run.ID != "" {
		now, findErr := s.Store.Find(background, run.ID)
		switch {
		case findErr != nil:
			err = errors.Join(err, findErr)
		case c.end == nil && now.Status == store.Finished: // it died with nothing left to do but tell
			run, err = now, nil
		default:
			run = now
		}
	}
	s.ended(c.task, run, err)
}

// findClaim looks for the run of a child that died before it could tell of it.
func (s *scheduler) findClaim(ctx context.Context, c *child) error {
	runs, err := s.Store.Runs(ctx, store.Filter{})
	for _, r := range runs {
		if r.Identity == c.task.Run.Identity && r.Process == c.exit.Process && r.Status == store.Interrupted {
			c.claim = &Claim{store.Resumed, r}
			break
		}
	}
	return err
}

// ended says how a task ended.
func (s *scheduler) ended(t *Task, run store.Run, err error) {
	s.over(Event{Task: t, What: Ended, Run: run, Err: err})
	if err != nil && s.FailFast {
		s.stop()
	}
}

// over yields a task's last event, and tells the source.
func (s *scheduler) over(e Event) {
	s.say(e)
	s.source.Told(e)
	s.offers = true
}

// say yields an event.
func (s *scheduler) say(e Event) {
	if s.deaf {
		return
	}
	if s.deaf = !s.yield(e); s.deaf {
		s.stop()
	}
}

// stoppedError is what a worker says that was told to stop.
type stoppedError struct{ text string }

func (e *stoppedError) Error() string { return e.text }
func (e *stoppedError) Unwrap() error { return context.Canceled }
