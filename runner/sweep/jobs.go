package sweep

import "slices"

// Divide chooses how many tasks to train at a time and with how many threads
// each, where that was left open, so that most work gets done: several runs of one
// thread do more together than one run of several threads. So there are as many
// jobs as processors, but no more than tasks, and than memory holds whichever
// tasks come together; threads are what processors there are for each.
func (o *Options) Divide(tasks []*Task) {
	processors, memory := o.Place.Capacity()
	o.divide(tasks, processors, memory)
}

func (o *Options) divide(tasks []*Task, cores int, memory float64) {
	if o.Jobs == 0 {
		o.Jobs = max(1, min(fitting(tasks, memory), cores/max(1, o.Threads)))
	}
	if o.Threads == 0 {
		o.Threads = max(1, cores/max(1, min(o.Jobs, len(tasks))))
	}
}

// mostEstimates is how many tasks are looked at to choose the number of jobs: an
// estimate takes some milliseconds. What does not fit in the end waits.
const mostEstimates = 1000

// fitting returns how many of the tasks fit in memory at a time, all of them where
// it is unknown (0).
func fitting(tasks []*Task, memory float64) int {
	var needs []float64
	for _, t := range tasks[:min(len(tasks), mostEstimates)] {
		// What never fits, or has no estimate, is refused when it is its turn.
		if need, err := t.Memory(); err == nil && (memory == 0 || need <= memory) {
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
