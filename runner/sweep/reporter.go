package sweep

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"runner/runner"
)

// reportEvery is how often a worker reports its position.
const reportEvery = 150 * time.Millisecond

// reporter writes a worker's messages in a goroutine of its own, so that training does not wait for a sweep that does
// not read: messages queue, and of the positions only the latest is reported.
type reporter struct {
	progress runner.Progress
	out      io.Writer

	mu     sync.Mutex
	queue  []Message
	more   chan struct{} // holds one when the queue does
	closed chan struct{}
}

func newReporter(out io.Writer) *reporter {
	r := &reporter{out: out, more: make(chan struct{}, 1), closed: make(chan struct{})}
	go r.run()
	return r
}

// report queues a message.
func (r *reporter) report(m Message) {
	r.mu.Lock()
	r.queue = append(r.queue, m)
	r.mu.Unlock()
	select {
	case r.more <- struct{}{}:
	default:
	}
}

// close returns when every message is written. No report may follow.
func (r *reporter) close() {
	close(r.more)
	<-r.closed
}

func (r *reporter) run() {
	defer close(r.closed)
	ticker := time.NewTicker(reportEvery)
	defer ticker.Stop()
	var reported runner.Position
	for {
		select {
		case _, open := <-r.more:
			r.flush()
			if !open {
				return
			}
		case <-ticker.C:
			now := r.progress.Now() // before the queue is read: what led to it comes first
			r.flush()
			if now != reported {
				reported = now
				r.write(Message{At: &now})
			}
		}
	}
}

func (r *reporter) flush() {
	r.mu.Lock()
	queue := r.queue
	r.queue = nil
	r.mu.Unlock()
	for _, m := range queue {
		r.write(m)
	}
}

// write ignores errors of writing: a sweep that is gone misses nothing, and the closed input stops the training.
func (r *reporter) write(m Message) {
	text, err := json.Marshal(m)
	if err != nil {
		panic("sweep: " + err.Error()) // only for NaN and infinities, which no message has
	}
	r.out.Write(append(text, '\n'))
}
