package kernel

import "sync/atomic"

// signal wakes one goroutine from others, any number of times, one after the
// other. Who waits watches for a while before it sleeps: a step has some sixty
// tasks with little between them, and a sleeping goroutine takes tens of
// microseconds to wake.
type signal struct {
	looks  int // before who waits sleeps
	sent   atomic.Uint64
	seen   uint64 // by who waits
	asleep atomic.Bool
	wake   chan struct{}
}

func newSignal(looks int) signal { return signal{looks: looks, wake: make(chan struct{}, 1)} }

func (s *signal) send() {
	s.sent.Add(1)
	s.rouse()
}

// rouse wakes who waits, if asleep.
func (s *signal) rouse() {
	if s.asleep.CompareAndSwap(true, false) {
		s.wake <- struct{}{}
	}
}

// wait returns when a signal was sent since the last wait.
func (s *signal) wait() {
	s.seen++
	for range s.looks {
		if s.sent.Load() >= s.seen {
			return
		}
		pause()
	}
	// A sender that was held up between its two halves rouses whoever sleeps by
	// then, which may be the next wait: so to be woken is no proof of a signal.
	for s.sent.Load() < s.seen {
		s.asleep.Store(true)
		// The sender may have missed that. If it did not, it wakes this
		// goroutine, which has to take note of it.
		if s.sent.Load() < s.seen || !s.asleep.CompareAndSwap(true, false) {
			<-s.wake
		}
	}
}
