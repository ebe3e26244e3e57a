package store

import (
	"context"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// A process that writes and wants to write again does so after the one that waits.
func TestQueue(t *testing.T) {
	first, second := twoLocks(t)
	leave := first.queue(t.Context())
	var entered atomic.Bool
	go func() {
		leave := second.queue(t.Context())
		entered.Store(true)
		leave()
	}()
	for asked := false; !asked; time.Sleep(time.Millisecond) {
		var err error
		if asked, err = first.held(nextToWrite); err != nil {
			t.Fatal(err)
		}
	}
	if entered.Load() {
		t.Error("two write at once")
	}
	leave()
	leave = first.queue(t.Context())
	defer leave()
	if !entered.Load() {
		t.Error("it did not wait its turn")
	}
}

// A process that gives up waiting is in nobody's way.
func TestQueueGivenUp(t *testing.T) {
	first, second := twoLocks(t)
	leave := first.queue(t.Context())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	second.queue(ctx)()
	if ctx.Err() == nil {
		t.Error("two write at once")
	}
	leave()
	leave = first.queue(t.Context())
	if held, err := second.held(writing); !held || err != nil {
		t.Error("it waited in vain", err)
	}
	leave()
}

// twoLocks stands for two processes of one store.
func twoLocks(t *testing.T) (first, second *locks) {
	path := filepath.Join(t.TempDir(), locksName)
	first, second = newLocks(path), newLocks(path)
	t.Cleanup(func() { first.close(); second.close() })
	return first, second
}
