package sweep

import (
	"context"
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
	Jobs     int          // most workers at a time; 0: Divide chooses
	Threads  int          // of each worker; 0: Divide chooses
	FailFast bool         // stop everything when one run fails
}

// Train trains the tasks of a source, in their order where there are fewer jobs than tasks, and returns what
// happens. Of the tasks that the source offers at once, those whose runs are finished are found first. A task whose
// run another process trains waits, and is taken over should that process die. Cancelling the context, or pulling
// no more, stops the workers, which keep the states of their runs; Train returns when they have ended. Tasks that
// were not begun by then may have no event. No two tasks should be of one identity.
func Train(ctx context.Context, source Source, o Options) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		s := &scheduler{
			Options: o, source: source, offers: true, yield: yield, stop: stop,
			children: make(map[*child]bool), news: make(chan news),
			verified: make(map[*data.Dataset]error), announced: make(map[*Task]bool),
		}
		_, s.memory = o.Place.Capacity()
		s.run(ctx)
	}
}

// scheduler is a Train in progress. All of it happens in one goroutine.
type scheduler struct {
	Options
	jobs, threads int // as the options say, or as Divide chose
	source        Source
	offers        bool // the source may have tasks since it was last asked
	yield         func(Event) bool
	stop          context.CancelFunc
	memory        float64        // bytes of the place, 0 if unknown
	pending       []*Task        // to train
	waiting       []*Task        // whose runs other processes train
	announced     map[*Task]bool // as waiting
	children      map[*child]bool
	news          chan news
	verified      map[*data.Dataset]error
}

// lookAgain is how often a task that waits is looked at.
const lookAgain = 500 * time.Millisecond

func (s *scheduler) run(ctx context.Context) {
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
			stopped = nil // the children end by themselves
		}
	}
}

// ask takes the tasks that the source offers, and divides the place among all that there are.
func (s *scheduler) ask(ctx context.Context) {
	more := false
	for s.offers && ctx.Err() == nil {
		t := s.source.Next()
		if t == nil {
			s.offers = false
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
	s.jobs, s.threads = s.Divide(all)
}

// look tells whether a task is to be trained now. If not, its run is finished, or the task waits.
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

// wait puts aside a task whose run another process trains.
func (s *scheduler) wait(t *Task, run store.Run) {
	s.waiting = append(s.waiting, t)
	if !s.announced[t] {
		s.announced[t] = true
		s.say(Event{Task: t, What: Waiting, Run: run})
	}
}

// next deals with the first pending task. It returns false if there is none, or no room for it.
func (s *scheduler) next(ctx context.Context) bool {
	if len(s.pending) == 0 || len(s.children) >= s.jobs {
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
	if err == nil {
		err = s.start(ctx, t, need)
	}
	if err != nil {
		s.ended(t, store.Run{}, err)
	}
	return true
}

// fits tells whether there are so many bytes of memory beside the running workers.
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
		err = ds.Verify(ctx)
		s.verified[ds] = err
	}
	return err
}

// ended yields the last event of a task that is not found finished.
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

// say yields an event, and stops when the consumer pulls no more.
func (s *scheduler) say(e Event) {
	if !s.yield(e) {
		s.yield = func(Event) bool { return true }
		s.stop()
	}
}
