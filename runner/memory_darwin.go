package runner

import "golang.org/x/sys/unix"

// MachineMemory returns the bytes of memory of this machine, 0 if unknown.
func MachineMemory() float64 {
	bytes, err := unix.SysctlUint64("hw.memsize")
	if err != nil {
		return 0
	}
	return float64(bytes)
}

func programMemory() float64 { return usualProgramMemory }
