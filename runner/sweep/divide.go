package sweep

import "slices"

// Divide returns how many of the tasks to train at a time, and with how many threads each: what the options say, or
// what gets most work done. Several runs of one thread do more together than one run of several threads. So there
// is a job for each processor, but no more than there are tasks and than fit in memory together, whichever they
// are; the threads are the processors that each job has.
func (o Options) Divide(tasks []*Task) (jobs, threads int) {
	processors, memory := o.Place.Capacity()
	jobs, threads = o.Jobs, o.Threads
	if jobs == 0 {
		jobs = max(1, min(fitting(tasks, memory), processors/max(1, threads)))
	}
	if threads == 0 {
		threads = max(1, processors/max(1, min(jobs, len(tasks))))
	}
	return jobs, threads
}

// mostEstimates bounds how many tasks are estimated to choose the number of jobs, for an estimate takes some
// milliseconds. A task that does not fit after all waits.
const mostEstimates = 1000

// fitting returns how many of the tasks fit in so many bytes of memory at a time; 0 bytes are unknown, and hold all.
func fitting(tasks []*Task, memory float64) int {
	var needs []float64
	for _, t := range tasks[:min(len(tasks), mostEstimates)] {
		// A task that never fits, or has no estimate, is refused when its turn comes.
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
