package runner

import "fmt"

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

// Memory estimates the bytes that a process takes to train a job: the model's
// tensors, the loader's mini-batches with a label an example, up to two values for
// each parameter that the optimizer keeps, and what a process has besides. What
// kernels pack on the way is not counted. Nothing is allocated.
func Memory(j Job) (float64, error) {
	n, size := j.Plan.Network, j.Plan.Experiment.BatchSize
	model, err := n.Memory(size)
	if err != nil {
		return 0, err
	}
	batch := 4 * float64(size) * float64(n.Input.Size()+1)
	return processMemory + float64(model) + loaderBatches*batch + 4*2*float64(n.Parameters()), nil
}

// processMemory is the bytes that a process takes to train the smallest network.
const processMemory = 48e6
