package sweep

// Source says what to train: a list, or one day a search, which chooses by how earlier tasks did.
//
// A sweep asks Next until it has nothing to offer, at the beginning and whenever a task is over. It
// calls both methods from one goroutine. A source that offers the same in whatever order tasks end
// gives the same tasks with any number of jobs.
type Source interface {
	// Next returns the next task, or nil where there is none until more is told.
	Next() *Task
	// Told tells how a task did: its last event.
	Told(Event)
}

// list is a source of tasks that are known from the beginning.
type list struct{ tasks []*Task }

// List is a source of tasks in their order. A grid is such a list: its points are known.
func List(tasks ...*Task) Source { return &list{tasks} }

func (l *list) Next() *Task {
	if len(l.tasks) == 0 {
		return nil
	}
	next := l.tasks[0]
	l.tasks = l.tasks[1:]
	return next
}

func (l *list) Told(Event) {}
