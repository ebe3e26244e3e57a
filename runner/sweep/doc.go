// Package sweep trains many runs on one machine, each in a process of its own:
// a crash takes one run down, and what a process needs is given back when it
// ends.
//
//	Source ──tasks──> Train ──Order──> Place: workers (Work) ──Message──> events
//
// A [Source] says what to train next and is told how it went; a [Place] starts workers, [Here] on
// this machine. [Train] starts as many at a time as there are jobs and as fit in the
// place's memory, and is an iterator over what happens to them. A worker is
// this program once more: [Work] reads what to train from its standard input and
// tells on its standard output, one JSON object a line, how it goes. Whoever trains a run claims it in the
// store, so sweeps that run at the same time share the work.
//
// The standard input of a worker stays open for as long as it should train. It is
// closed to stop it, and closes by itself when the parent dies, however it dies:
// the worker then keeps the state of its run and ends. Training never waits for
// the parent to listen.
package sweep
