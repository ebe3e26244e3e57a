// Package sweep trains many runs, each in a process of its own: a crash takes one run down, and the system takes back
// what a process held when it ends.
//
//	Source ──tasks──> Train ──Assignment──> Place: workers (Work) ──Message──> events
//
// A [Source] says what to train next and hears how it went; a [Place] starts workers, [Here] on this machine.
// [Train] starts as many at a time as there are jobs and as fit in the place's memory, and iterates over what
// happens to them. A worker is this program again: [Work] reads its assignment from its standard input and reports on
// its standard output, one JSON object a line. A worker claims its run in the store, so sweeps that run at the same
// time share the work.
//
// A worker trains for as long as its standard input is open. The sweep closes it to stop the worker, and the system
// does when the sweep's process dies; the worker then keeps the state of its run and ends. Training never waits for
// the sweep to listen.
package sweep
