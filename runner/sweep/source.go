package sweep

// Source says what to train: a list, or a search, which chooses by how earlier tasks did.
//
// A sweep asks Next until it returns nil, at the beginning and whenever a task is over. It calls both methods from
// one goroutine. A source whose offers do not depend on the order in which tasks end gives the same tasks with any
// number of jobs.
type Source interface {
	// Next returns the next task, or nil if there is none until Told is called again.
	Next() *Task
	// Told hears a task's last event.
	Told(Event)
}

// List returns a source of tasks in their order, such as the points of a grid.
func List(tasks ...*Task) Source { return (*list)(&tasks) }

type list []*Task

func (l *list) Next() *Task {
	if len(*l) == 0 {
		return nil
	}
	next := (*l)[0]
	*l = (*l)[1:]
	return next
}

func (*list) Told(Event) {}
