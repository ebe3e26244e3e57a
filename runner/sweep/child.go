package sweep

import (
	"context"
	"errors"

	"runner/store"
)

// child is a worker as its sweep sees it.
type child struct {
	task  *Task
	need  float64 // bytes of memory
	claim Claim   // zero until it is reported
	end   *End    // nil until it is reported; a worker that dies never does
	exit  Exit
}

// news is a message of a child.
type news struct {
	child *child
	Message
}

// start starts a worker for a task.
func (s *scheduler) start(ctx context.Context, t *Task, need float64) error {
	assignment, err := t.assignment(s.threads)
	if err != nil {
		return err
	}
	c := &child{task: t, need: need}
	if err := s.Place.Start(ctx, assignment, func(m Message) { s.news <- news{c, m} }); err != nil {
		return err
	}
	s.children[c] = true
	return nil
}

// hear takes a child's news.
func (s *scheduler) hear(ctx context.Context, n news) {
	c := n.child
	switch {
	case n.Exit != nil:
		c.exit = *n.Exit
		delete(s.children, c)
		s.leave(ctx, c)
	case n.End != nil:
		c.end = n.End
	case n.Claim != nil:
		if c.claim = *n.Claim; c.claim.ours() {
			s.say(Event{Task: c.task, What: Started, Run: c.claim.Run})
		}
	case n.At != nil:
		s.say(Event{Task: c.task, What: Moved, Run: c.claim.Run, At: *n.At})
	case n.Epoch != nil:
		s.say(Event{Task: c.task, What: Logged, Run: c.claim.Run, Epoch: *n.Epoch})
	}
}

// leave ends the task of a child that has ended, or has it wait for the process that trains its run.
func (s *scheduler) leave(ctx context.Context, c *child) {
	background := context.WithoutCancel(ctx) // what is on record counts even after a stop
	var err error
	switch {
	case c.end == nil:
		err = s.bury(background, c, ctx.Err() != nil)
	case c.end.Stopped:
		err = &stoppedError{c.end.Error}
	case c.end.Error != "":
		err = errors.New(c.end.Error)
	case c.claim.What == store.Done: // by another process, meanwhile
		s.over(Event{Task: c.task, What: Found, Run: c.claim.Run})
		return
	case c.claim.What == store.Busy && c.task.recorded():
		err = &store.BusyError{Run: c.claim.Run}
	case c.claim.What == store.Busy:
		s.wait(c.task, c.claim.Run)
		return
	}
	run := c.claim.Run
	if run.ID != "" {
		now, findErr := s.Store.Find(background, run.ID)
		switch {
		case findErr != nil:
			err = errors.Join(err, findErr)
		case c.end == nil && now.Status == store.Finished: // it died with nothing left to do but report
			run, err = now, nil
		default:
			run = now
		}
	}
	s.ended(c.task, run, err)
}

// bury finds the run of a child that died without saying why, records why it ended, and returns it.
func (s *scheduler) bury(ctx context.Context, c *child, stopped bool) error {
	if c.claim.Run.ID == "" {
		if err := s.findClaim(ctx, c); err != nil {
			return err
		}
	}
	if c.claim.Run.ID == "" && (stopped || c.exit.unheard()) {
		return context.Canceled
	}
	reason := c.exit.reason()
	err := errors.New(reason)
	if c.claim.ours() {
		err = errors.Join(err, s.Store.EndLost(ctx, c.claim.Run.ID, store.Failed, reason, c.exit.Stderr))
	}
	return err
}

// findClaim looks for the run of a child that died before it could report its claim.
func (s *scheduler) findClaim(ctx context.Context, c *child) error {
	runs, err := s.Store.Runs(ctx, store.Filter{})
	for _, r := range runs {
		if r.Identity == c.task.Run.Identity && r.Process == c.exit.Process && r.Status == store.Interrupted {
			c.claim = Claim{store.Resumed, r}
			break
		}
	}
	return err
}

// stoppedError is the error of a worker that the sweep stopped.
type stoppedError struct{ text string }

func (e *stoppedError) Error() string { return e.text }
func (e *stoppedError) Unwrap() error { return context.Canceled }
