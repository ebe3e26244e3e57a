package runner

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"

	"runner/arch"
)

// FitsMachine refuses to need more bytes of memory than the machine has: the system would kill the process. A machine
// of unknown size (0) fits everything.
func FitsMachine(need, have float64) error {
	if have > 0 && need > have {
		return fmt.Errorf("needs about %.1f GB of memory, this machine has %.1f GB: make batch_size or the layers smaller",
			need/1e9, have/1e9)
	}
	return nil
}

// Memory estimates the most bytes that a worker's process takes to train a job: what it keeps, the garbage that
// [BoundGarbage] allows, and what any training takes. Nothing is allocated. 0 threads mean one a processor.
func Memory(j Job) (float64, error) {
	bytes, err := trainingMemory(j)
	return programNow() + bytes, err
}

// UsualMemory is Memory without regard to how much of the program happens to be in memory: it is the same whenever a
// job is trained, and so can be compared.
func UsualMemory(j Job) (float64, error) {
	bytes, err := trainingMemory(j)
	return usualProgramMemory + bytes, err
}

// trainingMemory is the bytes that a worker takes beyond the pages of the program that this process has too: what
// training keeps, its garbage, Go's runtime, the graphs and the store, and the pages that only a worker touches.
func trainingMemory(j Job) (float64, error) {
	const untouched, rest = 3e6, 3e6
	kept, err := kept(j)
	return untouched + rest + kept + max(garbage, kept/100), err
}

// kept is the bytes that a training keeps to its end: the model with what its kernels pack, the loader's mini-batches
// (a label an example) and the bytes that the training and the validation split read for one, and the optimizer's
// buffers. Checkpoints are written without a copy, and the test of full mode begins when the training has freed its
// memory.
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

// programNow is the bytes of the program's pages that this process has. They depend on how the file lies in the
// system's cache, and differ by 10 MB from one copy of a program to another.
var programNow = sync.OnceValue(programMemory)

// usualProgramMemory stands for programMemory where the system does not tell it, or where the figure must always be the
// same.
const usualProgramMemory = 22e6

// garbage is how many bytes a heap may grow by before Go collects garbage: the least that Go's heap may hold, and
// enough for some 500 steps.
const garbage = 4 << 20

// BoundGarbage makes Go collect the garbage of this process, which is about to train a job, whenever there are some
// megabytes of it. Go would let the heap double, and so let the garbage of thousands of steps pile up; and what is kept
// is tensors, which hold no pointers, so collecting is cheap.
func BoundGarbage(j Job) error {
	kept, err := kept(j)
	if err == nil {
		debug.SetGCPercent(int(min(max(100*garbage/kept, 1), 100)))
	}
	return err
}
