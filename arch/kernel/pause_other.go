//go:build !amd64 || purego

package kernel

// patience is how often a worker looks for its turn before it sleeps, in about as
// long as on amd64.
const patience = 200_000

// pause does nothing here.
func pause() {}
