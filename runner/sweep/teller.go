package sweep

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"runner/runner"
)

// tellEvery is how often a worker tells where in the epoch it is.
const tellEvery = 150 * time.Millisecond

// teller writes a worker's messages from a goroutine of its own, so that training
// does not wait for a parent that does not read: messages queue, and of the
// positions only the latest is told.
type teller struct {
	progress runner.Progress
	out      io.Writer

	mu      sync.Mutex
	queue   []Message
	more    chan struct{} // holds one when the queue does
	closing chan struct{}
	closed  chan struct{}
}

func newTeller(out io.Writer) *teller {
	t := &teller{out: out, more: make(chan struct{}, 1), closing: make(chan struct{}), closed: make(chan struct{})}
	go t.run()
	return t
}

// tell queues a message.
func (t *teller) tell(m Message) {
	t.mu.Lock()
	t.queue = append(t.queue, m)
	t.mu.Unlock()
	select {
	case t.more <- struct{}{}:
	default:
	}
}

// close returns when everything was told, or nobody is there to be told.
func (t *teller) close() {
	close(t.closing)
	<-t.closed
}

func (t *teller) run() {
	defer close(t.closed)
	ticker := time.NewTicker(tellEvery)
	defer ticker.Stop()
	var told runner.Position
	for {
		select {
		case <-t.more:
			t.flush()
		case <-ticker.C:
			// The position is read before the queue is: what led to it is told before.
			now := t.progress.Now()
			t.flush()
			if now != told {
				told = now
				t.write(Message{At: &now})
			}
		case <-t.closing:
			t.flush()
			return
		}
	}
}

func (t *teller) flush() {
	t.mu.Lock()
	queue := t.queue
	t.queue = nil
	t.mu.Unlock()
	for _, m := range queue {
		t.write(m)
	}
}

// write ignores its errors: a parent that is gone misses nothing, and the closed
// input stops the training.
func (t *teller) write(m Message) {
	text, err := json.Marshal(m)
	if err != nil {
		panic("sweep: " + err.Error()) // only for numbers that are none, which no message has
	}
	t.out.Write(append(text, '\n'))
}
