package runner

import "fmt"

// CheckMemory refuses a job that this machine's memory cannot hold: a process
// that runs out of it is ended by the system, and with it everything else that
// it was doing. Where the machine does not tell its memory nothing is refused.
func CheckMemory(j Job) error {
	need, have := estimate(j), machineMemory()
	if have > 0 && need > have {
		return fmt.Errorf("needs about %.1f GB of memory, this machine has %.1f GB: make batch_size or the layers smaller",
			need/1e9, have/1e9)
	}
	return nil
}

// estimate returns the bytes that a job's buffers take: each parameter with its
// gradient and up to two of the optimizer's, and each layer's output in the
// training graph, its gradient, and again in the evaluation graph.
func estimate(j Job) float64 {
	n := j.Plan.Network
	values := float64(j.Plan.Experiment.BatchSize) * float64(n.Values()+int64(n.Input.Size()))
	return 4 * (4*float64(n.Parameters()) + 3*values)
}
