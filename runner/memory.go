package runner

import "fmt"

// CheckMemory refuses a job that this machine's memory cannot hold: a process
// that runs out of it is ended by the system, and with it everything else that
// it was doing. What kernels pack on the way is not counted. Where the machine
// does not tell its memory nothing is refused.
func CheckMemory(j Job) error {
	need, err := estimate(j)
	if err != nil {
		return err
	}
	have := machineMemory()
	if have > 0 && need > have {
		return fmt.Errorf("needs about %.1f GB of memory, this machine has %.1f GB: make batch_size or the layers smaller",
			need/1e9, have/1e9)
	}
	return nil
}

// estimate returns the bytes that a job's tensors take: the model's, the
// loader's mini-batches with a label an example, and up to two values for each
// parameter that the optimizer keeps. Nothing is allocated.
func estimate(j Job) (float64, error) {
	n, size := j.Plan.Network, j.Plan.Experiment.BatchSize
	model, err := n.Memory(size)
	if err != nil {
		return 0, err
	}
	batch := 4 * float64(size) * float64(n.Input.Size()+1)
	return float64(model) + loaderBatches*batch + 4*2*float64(n.Parameters()), nil
}
