package sweep

import (
	"runner/runner"
	"runner/store"
)

// Event is something that happened to a task.
type Event struct {
	Task  *Task
	What  What
	Run   store.Run // zero where none was begun
	At    runner.Position
	Epoch store.Epoch
	Err   error // why an Ended run is not finished; wraps [context.Canceled] if it was stopped
}

// What is the kind of an event.
type What int

const (
	Started What = iota // Run was begun, or resumed if its Resumes is not 0
	Moved               // the training is at At
	Logged              // Epoch is on record
	Waiting             // another process trains Run; the task waits for it
	Found               // Run was finished before; the task's last event
	Ended               // Run is as the store has it now, and Err; the task's last event
)
