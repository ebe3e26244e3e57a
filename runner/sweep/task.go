package sweep

import (
	"sync"

	"runner/runner"
	"runner/store"
)

// Task is one run to train.
type Task struct {
	Job   runner.Job // without its threads, which the sweep chooses
	Run   store.Run  // what runner.NewRun makes of the job, or the recorded run to resume
	Again bool       // train it even if a finished run is on record

	memory func() (float64, error) // nil until first asked for
}

// Memory estimates the bytes of memory that the task takes. It lays out the task's graphs, once.
func (t *Task) Memory() (float64, error) {
	if t.memory == nil {
		t.memory = sync.OnceValues(func() (float64, error) { return runner.Memory(t.Job) })
	}
	return t.memory()
}

// Work is how much there is to do for a task compared with others: its multiply-adds, and one more an example, for
// networks that have none.
func (t *Task) Work() float64 {
	e := t.Job.Plan.Experiment
	return float64(e.Epochs) * float64(t.Job.TrainSplit().Len()) * float64(1+t.Job.Plan.Network.MultiplyAdds())
}

// recorded tells whether the task resumes a recorded run.
func (t *Task) recorded() bool { return t.Run.ID != "" }
