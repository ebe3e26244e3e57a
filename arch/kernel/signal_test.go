package kernel

import (
	"runtime"
	"testing"
)

// TestSignalFromASenderHeldUp checks that the second half of a signal already seen does
// not end the next wait.
func TestSignalFromASenderHeldUp(t *testing.T) {
	s := newSignal(patience)
	s.sent.Add(1) // the first half
	s.wait()      // sees it

	done := make(chan struct{})
	go func() { s.wait(); close(done) }()
	asleep := func() {
		for !s.asleep.Load() {
			select {
			case <-done:
				t.Fatal("a wait ended without a signal")
			default:
				runtime.Gosched()
			}
		}
	}
	asleep()
	s.rouse() // the second half
	asleep()  // again
	s.send()
	<-done
}
