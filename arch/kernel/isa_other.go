//go:build !amd64 || purego

package kernel

// patience is how often a worker looks for its turn before it sleeps: about as long as
// on amd64.
const patience = 200_000

// pause does nothing here.
func pause() {}

// supported returns what this processor can run, the fastest first.
func supported() []instructions { return []instructions{pureGo} }
