//go:build !purego

package kernel

//go:generate go -C asm run ./pause -out ../pause_amd64.s

// patience is how often a worker looks for its turn before it sleeps: some hundred
// microseconds, longer than what comes between two tasks of a step. A pause takes
// 10 to 150 cycles.
const patience = 10_000

// pause lets the processor rest for a moment.
func pause()
