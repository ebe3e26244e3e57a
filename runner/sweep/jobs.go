package sweep

import (
	"runtime"
	"slices"

	"runner/runner"
)

// Divide chooses how many tasks to train at a time and with how many threads
// each, where that was left open, so that most work gets done: several runs of one
// thread do more together than one run of several threads. So there are as many
// jobs as processors, but no more than tasks, and than memory holds whichever
// tasks come together; threads are what processors there are for each.
func (o *Options) Divide(tasks []*Task) {
	o.divide(tasks, runtime.GOMAXPROCS(0), runner.MachineMemory())
}

func (o *Options) divide(tasks []*Task, cores int, memory float64) {
	if o.Jobs == 0 {
		o.Jobs = min(fitting(tasks, memory), cores/max(1, o.Threads))
		o.Jobs = max(1, o.Jobs)
	}
	if o.Threads == 0 {
		o.Threads = max(1, cores/o.Jobs)
	}
}

// fitting returns how many of the tasks fit in memory at a time, all of them where
// it is unknown (0).
func fitting(tasks []*Task, memory float64) int {
	var needs []float64
	for _, t := range tasks {
		// A task without an estimate is refused when it comes to it.
		if need, err := runner.Memory(t.Job); err == nil {
			needs = append(needs, need)
		}
	}
	slices.Sort(needs)
	var sum float64
	for i, need := range slices.Backward(needs) {
		if sum += need; memory > 0 && sum > memory {
			return len(needs) - 1 - i
		}
	}
	return len(needs)
}
