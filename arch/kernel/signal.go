package kernel

import "sync/atomic"

// signal lets goroutines wake one that waits, any number of times in turn. The waiter
// watches for a while before it sleeps: a step has some sixty tasks with little between
// them, and a sleeping goroutine takes tens of microseconds to wake.
type signal struct {
	looks  int // of the waiter before it sleeps
	sent   atomic.Uint64
	seen   uint64 // by the waiter
	asleep atomic.Bool
	wake   chan struct{}
}

func newSignal(looks int) signal { return signal{looks: looks, wake: make(chan struct{}, 1)} }

func (s *signal) send() {
	s.sent.Add(1)
	s.rouse()
}

// rouse wakes the waiter if it sleeps.
func (s *signal) rouse() {
	if s.asleep.CompareAndSwap(true, false) {
		s.wake <- struct{}{}
	}
}

// wait returns once a signal has been sent since the last wait.
func (s *signal) wait() {
	s.seen++
	for range s.looks {
		if s.sent.Load() >= s.seen {
			return
		}
		pause()
	}
	// A sender that is held up between its two halves may rouse the next wait instead:
	// being woken is no proof of a signal.
	for s.sent.Load() < s.seen {
		s.asleep.Store(true)
		// If the sender saw that, it wakes this goroutine, which has to receive it.
		if s.sent.Load() < s.seen || !s.asleep.CompareAndSwap(true, false) {
			<-s.wake
		}
	}
}
