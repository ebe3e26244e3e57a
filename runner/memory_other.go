//go:build !linux

package runner

// machineMemory returns the bytes of memory of this machine, 0 if unknown.
func machineMemory() float64 { return 0 }
