package sweep

import (
	"syscall"

	"runner/store"
)

// child is a worker as its sweep sees it.
type child struct {
	task  *Task
	need  float64 // bytes of memory
	stop  func()
	claim *Claim // nil until it is told
	end   *End   // nil until it is told; a worker that dies never does
	exit  Exit   // once it has ended
}

// news is a message of a child, or its exit.
type news struct {
	child   *child
	message Message
	exit    *Exit
}

// start starts a worker for a task.
func (s *scheduler) start(t *Task, need float64) (*child, error) {
	order, err := t.order(s.Threads)
	if err != nil {
		return nil, err
	}
	c := &child{task: t, need: need}
	c.stop, err = s.Place.Start(order,
		func(m Message) { s.news <- news{child: c, message: m} },
		func(e Exit) { s.news <- news{child: c, exit: &e} })
	return c, err
}

// running tells whether the child has a run of its own.
func (c *child) running() bool {
	return c.claim != nil && (c.claim.What == store.Begun || c.claim.What == store.Resumed)
}

// unheard tells whether the child died of a signal that reaches all processes of a
// terminal before it could leave it to its parent.
func (c *child) unheard() bool {
	signal, signaled := c.exit.signal()
	return c.claim == nil && signaled && (signal == syscall.SIGINT || signal == syscall.SIGHUP)
}
