//go:build !linux

package runner

// MachineMemory returns the bytes of memory of this machine, 0 if unknown.
func MachineMemory() float64 { return 0 }
