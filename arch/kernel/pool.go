package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Pool is a fixed set of workers that share the chunks of a kernel. The caller of Do is
// worker 0; the others are goroutines that live until Close.
//
// A pool serves one kernel at a time: use it from one goroutine at a time, and not from
// inside Do.
type Pool struct {
	isa     instructions
	workers []*worker

	// Buffers shared by all workers, for the kernel at work.
	panels  []float32 // the packed right operand of a product
	bias    []float32 // where its sums start
	partial []float32 // partial sums of gradients
	tables  []int32   // where windows and the values in them are

	tasks []task // the kernels' own, one of a type: see taskOf

	job  job
	busy atomic.Bool
}

// worker is what belongs to one worker alone.
type worker struct {
	number int
	turn   signal // a job to take part in; for worker 0: all others are done

	// Its share of a job's chunks: nobody has taken any of [next, end).
	next atomic.Int64
	end  int64

	scratch  []float32
	call     tileCall
	edge     [maxTileRows * maxTileCols]float32 // a tile that C does not hold whole
	edgeRows [maxTileRows]int32                 // where its rows of A begin
}

// task is something to do in chunks.
type task interface {
	run(w *worker, chunk int)
}

// job is one call of Do.
type job struct {
	task    task
	workers []*worker    // that take part
	working atomic.Int64 // workers that are not done, besides worker 0

	mu    sync.Mutex
	cause any // of the first panic
}

// NewPool starts a pool of the given number of workers; threads <= 0 means
// runtime.GOMAXPROCS(0). One worker needs no goroutine.
func NewPool(threads int) *Pool {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	looks := patience
	if threads > runtime.GOMAXPROCS(0) {
		looks = 0 // a worker that watches keeps another from working
	}
	p := &Pool{isa: active, workers: make([]*worker, threads)}
	for i := range p.workers {
		p.workers[i] = &worker{number: i, turn: newSignal(looks)}
		if i > 0 {
			go p.work(p.workers[i])
		}
	}
	return p
}

// Threads returns the number of workers.
func (p *Pool) Threads() int { return len(p.workers) }

// Close ends the workers' goroutines. The pool must not be used afterwards.
func (p *Pool) Close() {
	p.job.task = nil
	for _, w := range p.workers[1:] {
		w.turn.send()
	}
}

// work takes part in one job after another.
func (p *Pool) work(w *worker) {
	for w.turn.wait(); p.job.task != nil; w.turn.wait() {
		p.job.run(w)
		if p.job.working.Add(-1) == 0 {
			p.workers[0].turn.send()
		}
	}
}

// taskOf returns the pool's task of a type. Each is made once for a pool: goroutines
// share it, so otherwise every call would allocate one.
func taskOf[T any, P interface {
	*T
	task
}](p *Pool) P {
	for _, t := range p.tasks {
		if own, ok := t.(P); ok {
			return own
		}
	}
	own := P(new(T))
	p.tasks = append(p.tasks, own)
	return own
}

// Do calls f once for every chunk in [0, chunks) and returns when all calls have. The
// call may use the Scratch of worker, in [0, Threads). Which worker gets a chunk differs
// from call to call: results must not depend on it. A panic in f is raised again here,
// after all workers have stopped.
func (p *Pool) Do(chunks int, f func(worker, chunk int)) { p.do(chunks, function(f)) }

// function is a task that is a function alone.
type function func(worker, chunk int)

func (f function) run(w *worker, chunk int) { f(w.number, chunk) }

func (p *Pool) do(chunks int, t task) {
	if !p.busy.CompareAndSwap(false, true) {
		panic("kernel: Pool.Do called while the pool is already at work")
	}
	defer p.busy.Store(false)

	j := &p.job
	j.task, j.workers = t, p.workers[:max(min(p.Threads(), chunks), 1)]
	for i, w := range j.workers {
		w.next.Store(int64(i * chunks / len(j.workers)))
		w.end = int64((i + 1) * chunks / len(j.workers))
	}
	others := j.workers[1:]
	j.working.Store(int64(len(others)))
	for _, w := range others {
		w.turn.send()
	}
	j.run(p.workers[0])
	if len(others) > 0 {
		p.workers[0].turn.wait()
	}

	j.task = nil // keeps no closure alive
	if cause := j.cause; cause != nil {
		j.cause = nil
		panic(cause)
	}
}

// run takes chunks until none is left: first the worker's own share, in order, so that
// the next kernel finds an example's values in the cache of the processor that made them;
// then what is left of the others'. After a panic the chunks not yet taken are dropped,
// and Do raises the first panic.
func (j *job) run(w *worker) {
	defer func() {
		if cause := recover(); cause != nil {
			for _, w := range j.workers {
				w.next.Store(w.end)
			}
			j.mu.Lock()
			defer j.mu.Unlock()
			if j.cause == nil {
				j.cause = cause
			}
		}
	}()
	for i := range j.workers {
		share := j.workers[(w.number+i)%len(j.workers)]
		for {
			chunk := share.next.Add(1) - 1
			if chunk >= share.end {
				break
			}
			j.task.run(w, int(chunk))
		}
	}
}

// chunksWanted is how many chunks share the work well: more than workers, since some of
// them may be slow or disturbed.
func chunksWanted(threads int) int {
	if threads == 1 {
		return 1
	}
	return 4 * threads
}

// Scratch returns the worker's own buffer of that many floats, with undefined
// contents. It is valid until the worker's next call of Scratch.
func (p *Pool) Scratch(worker, floats int) []float32 { return p.workers[worker].floats(floats) }

func (w *worker) floats(count int) []float32 { return grow(&w.scratch, count) }

// grow returns the first length elements of *buffer, which it replaces by a larger one if
// it is too short. Buffers start on a cache line (64 bytes), so that no vector straddles
// two.
func grow[T float32 | int32](buffer *[]T, length int) []T {
	if cap(*buffer) < length {
		const line = 64
		b := make([]T, length+line/4)
		skip := (line - uintptr(unsafe.Pointer(unsafe.SliceData(b)))%line) % line / 4
		*buffer = b[skip:]
	}
	return (*buffer)[:length]
}

// elements is the length of an elementwise kernel's chunks.
const elements = 1 << 14

// ranges are consecutive ranges [from, to) that make up [0, length).
type ranges struct {
	length int
	f      func(from, to int)
}

func (r *ranges) run(_ *worker, chunk int) {
	r.f(chunk*elements, min((chunk+1)*elements, r.length))
}

// each calls f for the ranges of a length.
func (p *Pool) each(length int, f func(from, to int)) {
	r := taskOf[ranges](p)
	r.length, r.f = length, f
	p.do(ceil(length, elements), r)
	r.f = nil // keeps no closure alive
}

// ceil returns a/b rounded up.
func ceil(a, b int) int { return (a + b - 1) / b }
