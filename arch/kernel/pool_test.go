package kernel

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPoolRunsEveryChunkOnce(t *testing.T) {
	for _, threads := range threadCounts {
		p := newPool(t, active, threads)
		for _, chunks := range []int{0, 1, 2, 5, 1000} {
			counts := make([]atomic.Int32, chunks)
			at := make([]atomic.Int32, p.Threads()) // chunks at work in each worker
			p.Do(chunks, func(worker, chunk int) {
				if at[worker].Add(1) != 1 {
					t.Errorf("%d threads: worker %d runs two chunks at once", threads, worker)
				}
				counts[chunk].Add(1)
				at[worker].Add(-1)
			})
			for chunk := range counts {
				if n := counts[chunk].Load(); n != 1 {
					t.Errorf("%d threads, %d chunks: chunk %d ran %d times", threads, chunks, chunk, n)
				}
			}
		}
	}
}

func TestPoolScratch(t *testing.T) {
	p := newPool(t, active, 3)
	p.Do(100, func(worker, chunk int) {
		s := p.Scratch(worker, 10+chunk)
		if len(s) != 10+chunk {
			t.Errorf("asked for %d floats, received %d", 10+chunk, len(s))
		}
		for i := range s {
			s[i] = float32(chunk)
		}
		for _, v := range s {
			if v != float32(chunk) {
				t.Errorf("another worker wrote to worker %d's scratch", worker)
			}
		}
	})
	if n := testing.AllocsPerRun(10, func() { p.Scratch(0, 10) }); n != 0 {
		t.Errorf("scratch that is large enough was allocated again")
	}
}

// caught returns what f panics with.
func caught(f func()) (cause any) {
	defer func() { cause = recover() }()
	f()
	return nil
}

func TestPoolPanic(t *testing.T) {
	fault := errors.New("fault")
	for _, threads := range threadCounts {
		p := newPool(t, active, threads)
		for _, bad := range []int{0, 50, 99} {
			cause := caught(func() {
				p.Do(100, func(_, chunk int) {
					if chunk == bad {
						panic(fault)
					}
				})
			})
			if cause != fault {
				t.Errorf("%d threads: expected the chunk's panic, received %v", threads, cause)
			}
		}
		// The pool still works.
		var ran atomic.Int32
		p.Do(100, func(_, _ int) { ran.Add(1) })
		if ran.Load() != 100 {
			t.Errorf("%d threads: after a panic %d of 100 chunks ran", threads, ran.Load())
		}
	}
}

func TestPoolRefusesNestedWork(t *testing.T) {
	p := newPool(t, active, 2)
	cause := caught(func() {
		p.Do(2, func(_, _ int) { p.Do(2, func(_, _ int) {}) })
	})
	if d := cmp.Diff(any("kernel: Pool.Do called while the pool is already at work"), cause); d != "" {
		t.Error(d)
	}
}
