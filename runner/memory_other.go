//go:build !linux && !darwin

package runner

// MachineMemory returns the bytes of memory of this machine, 0 if unknown.
func MachineMemory() float64 { return 0 }

func programMemory() float64 { return usualProgramMemory }
