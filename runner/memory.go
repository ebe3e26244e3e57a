package runner

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	"runner/arch"
)

// FitsMachine refuses a need of memory that is more than the machine has, in bytes:
// a process that runs out of it is ended by the system. Where the machine does not
// tell (0), nothing is refused.
func FitsMachine(need, have float64) error {
	if have > 0 && need > have {
		return fmt.Errorf("needs about %.1f GB of memory, this machine has %.1f GB: make batch_size or the layers smaller",
			need/1e9, have/1e9)
	}
	return nil
}

// Memory estimates the bytes that a process of a worker takes at most to train a
// job: what it keeps, the garbage that [BoundGarbage] allows it, and what it takes
// to train anything. Nothing is allocated. With 0 threads, as many as there are
// processors are reckoned with.
func Memory(j Job) (float64, error) {
	bytes, err := trainingMemory(j)
	return programNow() + bytes, err
}

// UsualMemory is Memory but for how much of the program happens to be in memory: it
// is the same whenever a job is trained, and so can be compared.
func UsualMemory(j Job) (float64, error) {
	bytes, err := trainingMemory(j)
	return usualProgramMemory + bytes, err
}

// trainingMemory is the bytes that a worker takes beside those pages of the program
// that this process has, too: what training keeps, its garbage, Go's runtime, the
// graphs and the store, and the pages that only a worker touches.
func trainingMemory(j Job) (float64, error) {
	const untouched, rest = 3e6, 3e6
	kept, err := kept(j)
	return untouched + rest + kept + max(garbage, kept/100), err
}

// kept is the bytes of what a training keeps to its end: the model with what its
// kernels pack, the loader's mini-batches (a label an example) and the bytes that
// the training and the validation split read for one, and what the optimizer
// remembers of each parameter. Checkpoints are written from where the values are,
// and the test of full mode comes when the training has left its memory.
func kept(j Job) (float64, error) {
	n, size, threads := j.Plan.Network, j.Plan.Experiment.BatchSize, j.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	model, err := n.Memory(size, threads)
	if err != nil {
		return 0, err
	}
	batch := 4 * float64(size) * float64(n.Input.Size()+1)
	records := float64(size) * float64(j.Plan.Dataset.RecordBytes())
	remembered := len(j.Plan.Optimizer.New([]arch.Variable{{}}).State())
	return float64(model) + loaderBatches*batch + 2*records + 4*float64(remembered)*float64(n.Parameters()), nil
}

// programNow is the bytes of pages of the program that this process has. How many
// that are depends on how the file lies in the system's cache, and differs by 10 MB
// from one copy of a program to another.
var programNow = sync.OnceValue(programMemory)

// usualProgramMemory stands for programMemory where the system does not tell, and
// where any figure will do that is always the same.
const usualProgramMemory = 22e6

// garbage is how many bytes a heap may grow by before Go collects what is garbage.
// It is what Go's heap may hold at least, and enough for some 500 steps.
const garbage = 4 << 20

// BoundGarbage makes Go collect the garbage of this process, which is about to
// train a job, whenever there are some megabytes of it. Go would let the heap grow
// to twice of what is kept, and what is kept here is tensors, in which there is
// nothing to search for: so a collection is cheap, and the garbage of steps would
// pile up for thousands of them.
func BoundGarbage(j Job) error {
	kept, err := kept(j)
	if err == nil {
		debug.SetGCPercent(int(min(max(100*garbage/kept, 1), 100)))
	}
	return err
}
